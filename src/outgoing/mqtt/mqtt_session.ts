import { type Connection, type Connector, type Destination, OutgoingError } from "../connection.ts";
import { Deadline } from "../deadline.ts";
import {
  encodeConnect,
  encodeEmpty,
  encodePuback,
  encodePublish,
  encodeSubscribe,
  type MqttConnect,
  type MqttMessage,
} from "./packets.ts";
import { type BrokerPacket, PacketReader } from "./packet_reader.ts";

/** How often the broker is asked whether it is still there; twice as long without an answer ends the session. */
const KEEP_ALIVE_SECONDS = 15;

/** How long a broker may take to let a client in, and to confirm subscriptions. Milliseconds. */
const PATIENCE_MS = 10_000;

/** How long a broker may take to accept the goodbye. Milliseconds. */
const GOODBYE_MS = 1_000;

/** The most bytes that may wait for a broker that takes none. */
const MAX_WAITING = 4e6;

/** The most messages that a broker may leave unacknowledged: there are no more than 65,535 numbers for them. */
const MAX_UNACKNOWLEDGED = 1_000;

/** Codes of CONNACK, section 3.2.2.3 of MQTT 3.1.1. */
const REFUSALS: Readonly<Record<number, string>> = {
  1: "it does not speak MQTT 3.1.1",
  2: "it does not accept the client's name",
  3: "it is not available",
  4: "wrong user name or password",
  5: "not authorized: check user name and password",
};

/** How a session begins. */
export type MqttSessionOptions = Omit<MqttConnect, "keepAlive"> & {
  /** The broker. */
  readonly destination: Destination;
};

/** One connection to a broker, from its greeting to its end. */
export class MqttSession {
  /** Receives what comes on the topics subscribed to. */
  onMessage: (message: MqttMessage) => void = () => {};
  readonly #connection: Connection;
  readonly #reader = new PacketReader();
  readonly #acknowledged = new Map<number, (isRefused: boolean) => void>();
  readonly #ended = Promise.withResolvers<string>();
  #early: BrokerPacket[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;
  #lastId = 0;
  #isAnswered = true;
  #waiting = 0;
  #hasEnded = false;

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Connects and logs in.
   *
   * @param ending Ends the attempt.
   * @throws {OutgoingError} The broker cannot be reached, or refuses.
   */
  static async open(
    connector: Connector,
    options: MqttSessionOptions,
    ending: AbortSignal,
  ): Promise<MqttSession> {
    using deadline = new Deadline(PATIENCE_MS, ending);
    const { signal } = deadline;
    const connection = await connector.connect(options.destination, signal);
    const session = new MqttSession(connection);
    const giveUp = () => connection.close();
    signal.addEventListener("abort", giveUp);
    try {
      await session.#greet({ ...options, keepAlive: KEEP_ALIVE_SECONDS });
    } catch (error) {
      connection.close();
      throw signal.aborted ? new OutgoingError("no answer") : error;
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
    session.#run();
    return session;
  }

  /** Resolves to why the session ended, to follow a colon. */
  get ended(): Promise<string> {
    return this.#ended.promise;
  }

  /** Publishes a message; resolves when the broker has it, or never if the session ends before. */
  async publish(message: MqttMessage): Promise<void> {
    const id = this.#nextId();
    const acknowledged = this.#acknowledgement(id);
    this.#send(encodePublish(message, id));
    await acknowledged;
  }

  /**
   * Subscribes to topics; resolves when the broker has confirmed.
   *
   * @param ending Ends the session if it has not confirmed by then.
   * @throws {OutgoingError} It refused one, or the session ended before.
   */
  async subscribe(topics: readonly string[], ending: AbortSignal): Promise<void> {
    using deadline = new Deadline(PATIENCE_MS, ending);
    const { signal } = deadline;
    const giveUp = () => this.#end("no answer");
    signal.addEventListener("abort", giveUp);
    const id = this.#nextId();
    const acknowledged = this.#acknowledgement(id);
    this.#send(encodeSubscribe(topics, id));
    if (signal.aborted) giveUp();
    const ended = this.#ended.promise.then((reason) => Promise.reject(new OutgoingError(reason)));
    try {
      const isRefused = await Promise.race([acknowledged, ended]);
      if (isRefused) throw new OutgoingError("it does not let this user subscribe");
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  /** Says goodbye; the broker does not publish the will then. */
  async close(): Promise<void> {
    if (this.#hasEnded) return;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, GOODBYE_MS);
    // One that reads nothing any more would keep the program from ending.
    await Promise.race([this.#connection.write(encodeEmpty("disconnect")).catch(() => {}), late]);
    clearTimeout(timer);
    this.#end("closed");
  }

  async #greet(connect: MqttConnect): Promise<void> {
    await this.#connection.write(encodeConnect(connect));
    while (this.#early.length === 0) {
      const bytes = await this.#connection.read();
      if (bytes === null) throw new OutgoingError("it closed the connection");
      this.#early = this.#reader.read(bytes);
    }
    const first = this.#early.shift();
    if (first?.type !== "connack") throw new OutgoingError("it does not speak MQTT 3.1.1");
    if (first.code !== 0) {
      throw new OutgoingError(REFUSALS[first.code] ?? `it refuses (code ${first.code})`);
    }
  }

  async #run(): Promise<void> {
    this.#timer = setInterval(() => this.#ping(), KEEP_ALIVE_SECONDS * 1000);
    try {
      for (const packet of this.#early) this.#take(packet);
      for (;;) {
        const bytes = await this.#connection.read();
        if (bytes === null) return this.#end("it closed the connection");
        for (const packet of this.#reader.read(bytes)) this.#take(packet);
      }
    } catch (error) {
      this.#end((error as Error).message);
    }
  }

  #take(packet: BrokerPacket): void {
    this.#isAnswered = true;
    if (packet.type === "puback" || packet.type === "suback") {
      this.#acknowledged.get(packet.id)?.(packet.type === "suback" && packet.isRefused);
      this.#acknowledged.delete(packet.id);
    }
    if (packet.type !== "publish") return;
    if (packet.id !== null) this.#send(encodePuback(packet.id));
    this.onMessage(packet.message);
  }

  #ping(): void {
    if (!this.#isAnswered) return this.#end("no answer");
    this.#isAnswered = false;
    this.#send(encodeEmpty("pingreq"));
  }

  #send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#hasEnded) return;
    if (this.#waiting > MAX_WAITING) return this.#end("it takes nothing");
    const { length } = bytes;
    this.#waiting += length;
    this.#connection.write(bytes).then(
      () => this.#waiting -= length,
      (error: Error) => this.#end(error.message),
    );
  }

  #acknowledgement(id: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    if (this.#hasEnded) return promise;
    this.#acknowledged.set(id, resolve);
    if (this.#acknowledged.size > MAX_UNACKNOWLEDGED) this.#end("it acknowledges nothing");
    return promise;
  }

  /** Returns a number from 1 to 65,535 that is not in use. */
  #nextId(): number {
    do this.#lastId = this.#lastId % 0xffff + 1; while (this.#acknowledged.has(this.#lastId));
    return this.#lastId;
  }

  #end(reason: string): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    clearInterval(this.#timer);
    this.#connection.close();
    this.#acknowledged.clear();
    this.#ended.resolve(reason);
  }
}
