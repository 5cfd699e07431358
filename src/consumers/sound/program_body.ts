import { type Clock, SYSTEM_CLOCK } from "../../clock.ts";

/** What a program's body is built with. */
export interface ProgramBodyOptions {
  /** Sent at once. */
  readonly opening?: Uint8Array<ArrayBuffer>;
  /** Makes of a unit the bytes that are sent. Called for those alone that are, in order. */
  readonly encode?: (unit: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;
  /** The most units that wait for the program. */
  readonly capacity: number;
  /** Called once when the response ends, whoever ended it. */
  readonly onEnd: (body: ProgramBody) => void;
  /** The clock; a test gives its own. */
  readonly clock?: Pick<Clock, "monotonic">;
}

/**
 * The body of a response that sends sound to one program, unit by unit: packets or frames. If the program
 * does not read them in time, it loses the oldest.
 */
export class ProgramBody {
  /** The body of the response. */
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly #options: ProgramBodyOptions;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #queue: Uint8Array<ArrayBuffer>[] = [];
  #controller!: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  /** Whether the body has asked for more. */
  #isPulled = false;
  #isHeld = false;
  /** Since when something waits to be read, or since the last read if that is later. Monotonic time. */
  #waitsSince: number;
  #dropped = 0;
  #hasEnded = false;

  /** Begins to send. */
  constructor(options: ProgramBodyOptions) {
    const { opening, clock = SYSTEM_CLOCK } = options;
    this.#options = options;
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

  /** For how many milliseconds the program has read nothing, although something waits for it. */
  get stalledFor(): number {
    return this.#queue.length === 0 ? 0 : this.#clock.monotonic() - this.#waitsSince;
  }

  /** Sends the next unit, or holds it until it can be sent. */
  put(unit: Uint8Array<ArrayBuffer>): void {
    if (this.#hasEnded) return;
    if (this.#queue.length === 0) this.#waitsSince = this.#clock.monotonic();
    this.#queue.push(unit);
    if (this.#queue.length > this.#options.capacity) {
      this.#queue.shift();
      this.#dropped++;
    }
    this.#flush();
  }

  /** Forgets what waits, because it must not be heard any more. */
  clear(): void {
    this.#queue.length = 0;
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
    if (!this.#isPulled || this.#isHeld) return;
    const unit = this.#queue.shift();
    if (!unit) return;
    this.#isPulled = false;
    const { encode = (bytes) => bytes } = this.#options;
    this.#controller.enqueue(encode(unit));
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#queue.length = 0;
    this.#options.onEnd(this);
  }
}
