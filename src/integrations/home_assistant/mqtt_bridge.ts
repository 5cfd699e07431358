import type { ChannelEvent } from "../../channel/event_log.ts";
import type { Logger } from "../../log/log.ts";
import type { Connector } from "../../outgoing/connection.ts";
import { MqttSession } from "../../outgoing/mqtt/mqtt_session.ts";
import type { MqttMessage } from "../../outgoing/mqtt/packets.ts";
import { type MqttAddress, showMqttAddress } from "../mqtt_address.ts";
import { sleep } from "../sleep.ts";
import { BIRTH_TOPIC, discoveries, type DiscoveryOptions, topicsBelow } from "./discovery.ts";

/** What the bridge publishes. */
export interface BridgedChannel {
  /** Returns the channel's title. */
  readonly title: () => string;
  /** Returns whether viewers see the camera. */
  readonly isOnAir: () => boolean;
  /** Goes on or off air. */
  readonly setOnAir: (isOnAir: boolean) => void;
  /** Returns whether something moves. */
  readonly isMoving: () => boolean;
  /** Returns how many watch. */
  readonly viewers: () => number;
  /** Resolves to what viewers see, as a small JPEG; `null` if there is nothing. */
  readonly snapshot: () => Promise<Uint8Array<ArrayBuffer> | null>;
}

/** Options of {@linkcode MqttBridge}. */
export interface MqttBridgeOptions {
  /** The broker. */
  readonly address: MqttAddress;
  /** Reaches it. */
  readonly connector: Connector;
  /** What to publish. */
  readonly channel: BridgedChannel;
  /** Who this is. */
  readonly device: () => Omit<DiscoveryOptions, "prefix" | "title">;
  /** Receives what happens. */
  readonly log: Logger;
}

/** The pause before the second attempt to connect; each doubles it, up to the longest. Milliseconds. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** So often there is a new snapshot. Milliseconds. */
const SNAPSHOT_MS = 30_000;

/** How long the broker may take at the end. Milliseconds. */
const GOODBYE_MS = 1_000;

/** Keeps an MQTT broker, and Home Assistant behind it, up to date. */
export class MqttBridge implements AsyncDisposable {
  readonly #options: MqttBridgeOptions;
  readonly #prefix: string;
  readonly #ending = new AbortController();
  readonly #running: Promise<void>;
  #session: MqttSession | null = null;
  /** What the broker has, by topic. */
  #published = new Map<string, string>();
  #snapshotAt = -Infinity;
  #isMakingSnapshot = false;

  /** Begins to connect. */
  constructor(options: MqttBridgeOptions) {
    this.#options = options;
    this.#prefix = options.address.prefix ?? `livestream/${options.device().id}`;
    this.#running = this.#run();
  }

  /** Publishes an event, and what follows from it. */
  take(event: ChannelEvent): void {
    this.#publish(topicsBelow(this.#prefix).event, JSON.stringify(event), false);
    this.tick();
    if (/^(?:motion-begin|on-air|off-air)$/.test(event.type)) this.#publishSnapshot();
  }

  /** Publishes what has changed. Call it four times a second. */
  tick(): void {
    if (!this.#session) return;
    const { channel, device } = this.#options;
    const topics = topicsBelow(this.#prefix);
    const onOff = (isOn: boolean) => isOn ? "ON" : "OFF";
    this.#update(topics.motion, onOff(channel.isMoving()));
    this.#update(topics.onAir, onOff(channel.isOnAir()));
    this.#update(topics.viewers, String(channel.viewers()));
    const about = { ...device(), title: channel.title(), prefix: this.#prefix };
    for (const { topic, config } of discoveries(about)) this.#update(topic, JSON.stringify(config));
    if (performance.now() - this.#snapshotAt >= SNAPSHOT_MS) this.#publishSnapshot();
  }

  /** Says goodbye to the broker. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { log } = this.#options;
    const { signal } = this.#ending;
    const shown = showMqttAddress(this.#options.address);
    let problem: string | null = null;
    for (let pause = FIRST_PAUSE_MS; !signal.aborted;) {
      try {
        const session = await this.#connect();
        log.info(`MQTT: connected to ${shown}`, { topics: `${this.#prefix}/#` });
        problem = null;
        pause = FIRST_PAUSE_MS;
        const reason = await this.#serve(session);
        if (!signal.aborted) log.warn(`MQTT: lost ${shown}: ${reason}`);
      } catch (error) {
        if (signal.aborted) return;
        const { message } = error as Error;
        if (message !== problem) log.warn(`MQTT: cannot connect to ${shown}: ${message}`);
        problem = message;
      }
      await sleep(pause, signal);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
    }
  }

  async #connect(): Promise<MqttSession> {
    const { address, connector, device } = this.#options;
    const topics = topicsBelow(this.#prefix);
    const session = await MqttSession.open(connector, {
      ...{ destination: address, user: address.user, password: address.password },
      // The same each time: the broker ends the connection before, if that still seems to be there, and its will
      // does not come later. At most 23 characters.
      clientId: `livestream_${device().id}`,
      will: message(topics.availability, "offline", true),
    }, this.#ending.signal);
    session.onMessage = (received) => this.#receive(received);
    try {
      await session.subscribe([topics.setOnAir, BIRTH_TOPIC], this.#ending.signal);
    } catch (error) {
      await session.close();
      throw error;
    }
    return session;
  }

  /** Publishes until the session ends; resolves to why. */
  async #serve(session: MqttSession): Promise<string> {
    const { signal } = this.#ending;
    const { availability } = topicsBelow(this.#prefix);
    this.#session = session;
    this.#publishAll();
    const stop = async () => {
      // The broker must have it before the goodbye.
      const sent = new AbortController();
      session.publish(message(availability, "offline", true)).then(() => sent.abort());
      await sleep(GOODBYE_MS, sent.signal);
      await session.close();
    };
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop);
    const reason = await session.ended;
    signal.removeEventListener("abort", stop);
    this.#session = null;
    return reason;
  }

  #publishAll(): void {
    this.#published = new Map();
    this.#snapshotAt = -Infinity;
    this.#update(topicsBelow(this.#prefix).availability, "online");
    this.tick();
  }

  #receive({ topic, payload, retain }: MqttMessage): void {
    const { channel, log } = this.#options;
    const text = new TextDecoder().decode(payload);
    if (topic === BIRTH_TOPIC) {
      if (text === "online") this.#publishAll();
      return;
    }
    // One that the broker kept would put the camera on air at each start.
    if (retain) return log.warn("MQTT: ignored a command that the broker had kept");
    if (text !== "ON" && text !== "OFF") return log.warn("MQTT: ignored an unknown command");
    log.info(`MQTT: command to go ${text === "ON" ? "on" : "off"} air`);
    channel.setOnAir(text === "ON");
    this.tick();
  }

  async #publishSnapshot(): Promise<void> {
    if (!this.#session || this.#isMakingSnapshot) return;
    this.#isMakingSnapshot = true;
    this.#snapshotAt = performance.now();
    try {
      const jpeg = await this.#options.channel.snapshot();
      const { snapshot } = topicsBelow(this.#prefix);
      // Not retained: no picture stays at the broker.
      if (jpeg) this.#session?.publish({ topic: snapshot, payload: jpeg, retain: false });
    } finally {
      this.#isMakingSnapshot = false;
    }
  }

  #update(topic: string, text: string): void {
    if (!this.#session || this.#published.get(topic) === text) return;
    this.#published.set(topic, text);
    this.#publish(topic, text, true);
  }

  #publish(topic: string, text: string, retain: boolean): void {
    // Should the session end before it arrives, all is published again in the next one.
    this.#session?.publish(message(topic, text, retain));
  }
}

function message(topic: string, text: string, retain: boolean): MqttMessage {
  return { topic, payload: new TextEncoder().encode(text), retain };
}
