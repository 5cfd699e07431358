import { parseTarget } from "../consumers/publisher/target.ts";
import type { MqttAddress } from "../integrations/mqtt_address.ts";
import type { Logger } from "../log/log.ts";
import type { Connector } from "../outgoing/connection.ts";
import { HttpClient } from "../outgoing/http_client.ts";
import { startOutgoing } from "../outgoing/outgoing.ts";

/** Connects to other servers, for every part that does. */
export interface OutgoingParts extends Disposable {
  /** Opens connections. */
  readonly connector: Connector;
  /** Sends requests. */
  readonly client: HttpClient;
}

/** What {@linkcode openOutgoing} reads of the command line. */
export interface OutgoingOptions {
  /** Where events are posted; `null` for nowhere. */
  readonly webhook: URL | null;
  /** The broker; `null` for none. */
  readonly mqtt: MqttAddress | null;
  /** Where the program is published to. */
  readonly publish: readonly string[];
}

/**
 * Starts the one thread that connects to other servers; `null` if no option needs it. Call it before the permissions
 * are given up.
 */
export function openOutgoing(options: OutgoingOptions, log: Logger): OutgoingParts | null {
  const { webhook, mqtt, publish } = options;
  const uploads = publish.some((address) => parseTarget(address)?.kind === "upload");
  if (webhook === null && mqtt === null && !uploads) return null;
  const connector = startOutgoing(log);
  const client = new HttpClient(connector);
  return {
    ...{ connector, client },
    [Symbol.dispose]() {
      client[Symbol.dispose]();
      connector[Symbol.dispose]();
    },
  };
}
