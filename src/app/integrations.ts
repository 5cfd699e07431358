import { createHmac } from "node:crypto";
import config from "../../deno.json" with { type: "json" };
import type { Channel } from "../channel/channel.ts";
import { MqttBridge } from "../integrations/home_assistant/mqtt_bridge.ts";
import type { MqttAddress } from "../integrations/mqtt_address.ts";
import { Webhook } from "../integrations/webhook.ts";
import type { Log } from "../log/log.ts";
import { Rendition } from "../media/rendition.ts";
import type { NetworkAddress } from "../net/network_address.ts";
import { fittingScale } from "../streams/fitting_scale.ts";
import type { Assembly } from "./assembly.ts";
import type { OutgoingParts } from "./outgoing.ts";

/** The quality and the largest width of snapshots for other services. Pixels. */
const QUALITY = 60;
const WIDTH = 640;

/** What {@linkcode startIntegrations} reads of the command line. */
export interface IntegrationOptions {
  /** Where events are posted; `null` for nowhere. */
  readonly webhook: URL | null;
  /** What signs them. */
  readonly webhookSecret: string | null;
  /** The broker; `null` for none. */
  readonly mqtt: MqttAddress | null;
}

/** What is reported to other services. */
export interface IntegratedParts {
  /** The program. */
  readonly assembly: Pick<
    Assembly,
    "events" | "presence" | "program" | "snapshots"
  >;
  /** Title and on air. */
  readonly channel: Channel;
  /** Where the page is. */
  readonly address: NetworkAddress;
  /** Random, and the same at each start. */
  readonly secret: Uint8Array;
  /** Connects to them. */
  readonly outgoing: OutgoingParts;
  /** Receives what happens. */
  readonly log: Log;
}

/** Reports to other services until it is disposed of. */
export interface RunningIntegrations extends AsyncDisposable {
  /** Does what is due. Call it four times a second. */
  tick(): void;
}

/** Begins to report to the services that the options name. */
export function startIntegrations(
  options: IntegrationOptions,
  parts: IntegratedParts,
): RunningIntegrations {
  const { webhook: url, webhookSecret: secret, mqtt } = options;
  const { outgoing: { client, connector }, log } = parts;
  for (const hidden of [secret, mqtt?.password]) if (hidden != null) log.hide(hidden);
  const { events } = parts.assembly;
  const webhook = url && new Webhook({ url, secret, client, log });
  const bridge = mqtt && new MqttBridge({ address: mqtt, connector, ...bridged(parts) });
  const unsubscribe = webhook || bridge
    ? events.log.subscribe((event) => {
      webhook?.post(event);
      bridge?.take(event);
    })
    : () => {};
  return {
    tick: () => bridge?.tick(),
    async [Symbol.asyncDispose]() {
      unsubscribe();
      await Promise.all([webhook?.[Symbol.asyncDispose](), bridge?.[Symbol.asyncDispose]()]);
    },
  };
}

function bridged({ assembly, channel, address, secret, log }: IntegratedParts) {
  const { events, presence, program, snapshots } = assembly;
  const id = createHmac("sha256", secret).update("mqtt").digest("hex").slice(0, 12);
  return {
    channel: {
      title: () => channel.title,
      isOnAir: () => channel.onAir,
      setOnAir: (isOnAir: boolean) => channel.setOnAir(isOnAir),
      isMoving: () => events.alarm.isMoving,
      viewers: () => presence.count,
      async snapshot() {
        const scale = fittingScale(program.size, { width: WIDTH });
        const part = await snapshots.take(
          Rendition.of({ quality: QUALITY, scale, filter: "none" }),
        );
        return part?.jpeg ?? null;
      },
    },
    device: () => ({ id, version: config.version, url: address.url }),
    log,
  };
}
