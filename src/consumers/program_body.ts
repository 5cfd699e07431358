import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { messageOf } from "../errors.ts";
import { RateMeter } from "./session/rate.ts";

/** A program that reads nothing for this long is dropped. Milliseconds. */
const STALL_LIMIT_MS = 10_000;

/**
 * Nothing is sent while the kernel holds more than this for a program of sound: what it has taken cannot be
 * dropped any more, and it would take minutes of sound. Half a second of 96 kbit/s. Bytes.
 */
const MAX_UNSENT = 6_000;

/** What a program's body is built with. */
export interface ProgramBodyOptions<Unit> {
  /** Sent at once. */
  readonly opening?: Uint8Array<ArrayBuffer>;
  /** Makes of a unit the bytes that are sent. Called for those alone that are, in order. */
  readonly encode: (unit: Unit) => Uint8Array<ArrayBuffer>;
  /** The most units that wait for the program: it loses the oldest. Default: as many as come. */
  readonly capacity?: number;
  /** How long a unit may wait before the program counts as too slow, in milliseconds. Default: for ever. */
  readonly maxAge?: number;
  /** The most bytes that the kernel may hold. Default: half a second of sound. */
  readonly maxUnsent?: number;
  /** Called once when the response ends, whoever ended it. */
  readonly onEnd: (body: ProgramBody<Unit>) => void;
  /** The clock; a test gives its own. */
  readonly clock?: Pick<Clock, "monotonic">;
}

/** A unit that waits. */
interface Waiting<Unit> {
  readonly unit: Unit;
  /** Since when. Monotonic time. */
  readonly since: number;
}

/**
 * The body of a response that sends sound or video to one program, unit by unit: packets or frames. If the
 * program does not read them in time, it loses the oldest, or it has to be ended.
 */
export class ProgramBody<Unit = Uint8Array<ArrayBuffer>> {
  /** The body of the response. */
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Nothing should be sent while the kernel holds more than this for the program. Bytes. */
  readonly maxUnsent: number;
  readonly #options: ProgramBodyOptions<Unit>;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #queue: Waiting<Unit>[] = [];
  #controller!: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  /** Whether the body has asked for more. */
  #isPulled = false;
  #isHeld = false;
  /** Since when something waits to be read, or since the last read if that is later. Monotonic time. */
  #waitsSince: number;
  #dropped = 0;
  readonly #meter = new RateMeter();
  /** Whether it ends when nothing waits any more. */
  #isFinishing = false;
  #hasEnded = false;

  /** Begins to send. */
  constructor(options: ProgramBodyOptions<Unit>) {
    const { opening, maxUnsent = MAX_UNSENT, clock = SYSTEM_CLOCK } = options;
    this.#options = options;
    this.maxUnsent = maxUnsent;
    this.#clock = clock;
    this.#waitsSince = clock.monotonic();
    this.stream = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
        if (opening) controller.enqueue(opening);
      },
      pull: () => {
        this.#isPulled = true;
        this.#waitsSince = clock.monotonic();
        this.#flush();
      },
      cancel: () => this.#end(),
    }, { highWaterMark: 0 });
  }

  /** Whether nothing is sent at the moment, although the body asks for it. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  set isHeld(isHeld: boolean) {
    this.#isHeld = isHeld;
    this.#flush();
  }

  /** The number of units that the program lost. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Bits a second that were sent lately. */
  get bits(): number {
    return this.#meter.rate(this.#clock.monotonic()).bits;
  }

  /** For how many milliseconds the program has read nothing, although something waits for it. */
  get stalledFor(): number {
    return this.#queue.length === 0 ? 0 : this.#clock.monotonic() - this.#waitsSince;
  }

  /** Why the program has to be cut off, as it does not read enough; `null` while it does. */
  get failure(): string | null {
    if (this.stalledFor >= STALL_LIMIT_MS) return "Dropped: nothing was read for 10 seconds";
    const { maxAge = Infinity } = this.#options;
    const age = this.#queue.length === 0 ? 0 : this.#clock.monotonic() - this.#queue[0].since;
    return age > maxAge ? `Dropped: read too slowly, ${maxAge / 1000} seconds late` : null;
  }

  /** Sends the next unit, or holds it until it can be sent. */
  put(unit: Unit): void {
    if (this.#hasEnded || this.#isFinishing) return;
    const since = this.#clock.monotonic();
    if (this.#queue.length === 0) this.#waitsSince = since;
    this.#queue.push({ unit, since });
    const { capacity = Infinity } = this.#options;
    if (this.#queue.length > capacity) {
      this.#queue.shift();
      this.#dropped++;
    }
    this.#flush();
  }

  /**
   * Forgets what waits, because it must not be heard any more.
   *
   * @param isMeant Whether this is true of a unit. Default: of all.
   */
  clear(isMeant: (unit: Unit) => boolean = () => true): void {
    const kept = this.#queue.filter(({ unit }) => !isMeant(unit));
    this.#queue.splice(0, Infinity, ...kept);
  }

  /** Ends the response in order once the program has read what waits. */
  finish(): void {
    this.#isFinishing = true;
    this.#flush();
  }

  /** Ends the response in order. */
  close(): void {
    if (this.#hasEnded) return;
    this.#end();
    this.#controller.close();
  }

  /** Fails the response, whose program reads nothing. */
  abort(reason: string): void {
    if (this.#hasEnded) return;
    this.#end();
    this.#controller.error(new Error(reason));
  }

  #flush(): void {
    if (this.#isFinishing && this.#queue.length === 0) return this.close();
    if (!this.#isPulled || this.#isHeld) return;
    const next = this.#queue.shift();
    if (!next) return;
    this.#isPulled = false;
    try {
      const bytes = this.#options.encode(next.unit);
      this.#meter.count(bytes.length, this.#clock.monotonic());
      this.#controller.enqueue(bytes);
    } catch (error) {
      this.abort(messageOf(error));
    }
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#queue.length = 0;
    this.#options.onEnd(this);
  }
}
