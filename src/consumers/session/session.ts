import { SYSTEM_CLOCK } from "../../clock.ts";
import type { Delivery } from "../../live_messages.ts";
import type { Part } from "../../media/multipart.ts";
import type { Rendition } from "../../media/rendition.ts";
import type { Consumer } from "../../streams/consumer.ts";
import { Traffic, type TrafficOptions } from "./traffic.ts";

/** What a session is built with. */
export interface SessionOptions extends Omit<TrafficOptions, "reports" | "onEnd"> {
  /** The id in the viewer's cookie; `null` for clients without one. */
  readonly id: string | null;
  /** What the viewer's page calls this session; `null` for clients that report nothing of it. */
  readonly page?: string | null;
  /** The address or network whose share of renditions it uses; `null` has no bound. */
  readonly origin?: string | null;
  /** The viewer's device, for people: `Chrome on Android`. */
  readonly device?: string;
  /** Called before the connection of a client that takes nothing is cut. */
  readonly onCut?: () => void;
  /** Called once when the session has ended, whoever ended it. */
  readonly onEnd: (session: Session) => void;
}

/** One open stream connection of a viewer: takes what it wants of each frame, and sends what fits. */
export class Session implements Consumer {
  /** The id in the viewer's cookie. */
  readonly id: string | null;
  /** What the viewer's page calls this session. */
  readonly page: string | null;
  readonly origin: string | null;
  /** Names this session among all others. */
  readonly connection: string = crypto.randomUUID();
  /** The viewer's device, for people: `Chrome on Android`. */
  readonly device: string;
  /** Wall time of its beginning. Milliseconds since the Unix epoch. */
  readonly since: number;
  /** What it sends. */
  readonly traffic: Traffic;
  readonly #clock: NonNullable<SessionOptions["clock"]>;
  readonly #onCut: () => void;
  readonly #fps: number;
  /** What was decided for the newest frame. */
  #wanted: Rendition | null = null;
  #lastSequence = 0;
  /** When the frame rate allows the next frame. Monotonic time, milliseconds. */
  #nextDue: number;

  /** Sends nothing before it joins a stream. */
  constructor(options: SessionOptions) {
    const { id, page = null, origin = null, device = "A program", fps = Infinity } = options;
    const { clock = SYSTEM_CLOCK, onCut = () => {} } = options;
    this.id = id;
    this.page = page;
    this.origin = origin;
    this.device = device;
    this.since = clock.wall();
    this.#clock = clock;
    this.#onCut = onCut;
    this.#fps = fps;
    this.#nextDue = clock.monotonic();
    this.traffic = new Traffic({
      ...options,
      reports: page !== null,
      onEnd: () => options.onEnd(this),
    });
  }

  /** The body of the response. */
  get body(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return this.traffic.outlet.body;
  }

  /** What is given, and how it arrives. */
  get delivery(): Delivery {
    return this.traffic.delivery;
  }

  get followsMotion(): boolean {
    return this.traffic.followsMotion;
  }

  decide(): Rendition | null {
    // A quarter of a frame early is in time: jitter must not cost every other frame.
    const early = 250 / this.#fps;
    if (this.#clock.monotonic() < this.#nextDue - early) return null;
    return this.#wanted = this.traffic.decide();
  }

  deliver(part: Part): void {
    const { sequence } = part.frame;
    if (sequence < this.#lastSequence) return;
    // A second part of the same frame is news only if it is what was decided on last.
    if (sequence === this.#lastSequence && !this.#isWanted(part)) return;
    this.#lastSequence = sequence;
    const now = this.#clock.monotonic();
    const interval = 1000 / this.#fps;
    this.#nextDue = Math.max(this.#nextDue + interval, now + interval / 2);
    this.traffic.put(part);
  }

  /** Ends the response in order. */
  close(): void {
    this.traffic.outlet.close();
  }

  /** Cuts the connection of a client that takes nothing. */
  abort(reason: string): void {
    this.#onCut();
    this.traffic.outlet.abort(reason);
  }

  #isWanted(part: Part): boolean {
    return part.rendition === this.#wanted;
  }
}
