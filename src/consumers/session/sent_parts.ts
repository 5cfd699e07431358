/** A part that left for a client. All times are monotonic, in milliseconds. */
export interface Departure {
  /** Of its frame. */
  readonly sequence: number;
  /** Bytes, with all that frames them on the way. */
  readonly bytes: number;
  /** When the frame was captured. */
  readonly capturedAt: number;
  /** When it left. */
  readonly at: number;
}

/** A part that may be under way. */
export interface SentPart extends Departure {
  /** Bytes sent with and before it. */
  end: number;
  /** When the kernel was first known to have it acknowledged; absent before. */
  acknowledgedAt?: number;
}

/** No more parts than this are ever under way: they are sent no faster than they arrive. */
const MAX_PARTS = 256;
/** How much longer than this a part waits makes no difference. Milliseconds. */
const OLDEST_PART_MS = 600;

/** The parts that were sent to one client and may be under way, oldest first. */
export class SentParts {
  #parts: SentPart[] = [];
  #total = 0;
  /** Bytes of the first part, or of a smaller one after it. */
  #smallest = Infinity;
  readonly #forgetsOld: boolean;

  /**
   * Has no parts yet.
   *
   * @param forgetsOld Whether nobody will acknowledge parts one by one, so that old ones can go.
   */
  constructor(forgetsOld: boolean) {
    this.#forgetsOld = forgetsOld;
  }

  /** Bytes sent so far. */
  get total(): number {
    return this.#total;
  }

  /** Bytes of the smallest part so far. */
  get smallest(): number {
    return this.#smallest;
  }

  /** When the newest part was sent; `null` before the first. */
  get newestAt(): number | null {
    return this.#parts.at(-1)?.at ?? null;
  }

  /** Adds a part; one of the same frame as the last prolongs that. Returns whether it is a new one. */
  add(part: Departure): boolean {
    this.#total += part.bytes;
    this.#smallest = Math.min(this.#smallest, part.bytes);
    const last = this.#parts.at(-1);
    if (last?.sequence === part.sequence) {
      last.end = this.#total;
      return false;
    }
    const { sequence, bytes, capturedAt, at } = part;
    this.#parts.push({ sequence, bytes, capturedAt, at, end: this.#total });
    if (this.#parts.length > MAX_PARTS) this.#parts.shift();
    // The kernel is polled so seldom where all is well that they would pile up.
    if (this.#forgetsOld && at - this.#parts[0].at > OLDEST_PART_MS) this.#parts.shift();
    return true;
  }

  /** Returns the newest part of a frame. */
  ofFrame(sequence: number): SentPart | undefined {
    return this.#parts.findLast((part) => part.sequence === sequence);
  }

  /** Returns the first part of which not all is among the first `bytes` bytes. */
  beyond(bytes: number): SentPart | undefined {
    return this.#parts.find((part) => part.end > bytes);
  }

  /** Returns the newest part that lies within the first `bytes` bytes. */
  within(bytes: number): SentPart | undefined {
    return this.#parts.findLast((part) => part.end <= bytes);
  }

  /** Returns the newest part that had been sent by then. */
  sentBy(at: number): SentPart | undefined {
    return this.#parts.findLast((part) => part.at <= at);
  }

  /** Notes that the other end's system was known to have the first `bytes` bytes by then. */
  acknowledged(bytes: number, at: number): void {
    for (const part of this.#parts) {
      if (part.end > bytes) return;
      part.acknowledgedAt ??= at;
    }
  }

  /** Forgets parts within the first `bytes` bytes, but for the newest, whose delay is known. */
  forget(bytes: number): void {
    while (this.#parts.length > 1 && this.#parts[1].end <= bytes) this.#parts.shift();
  }
}
