import { ReceiveWindow } from "./receive_window.ts";
import { type Look, ReaderProbe } from "./reader_probe.ts";
import type { SocketStatistics } from "../../net/socket_statistics.ts";

/** In this time, what the kernel reports changes the blame by half. Milliseconds. */
const TRUST_MS = 100;
/** A reader becomes late at this much blame while this many parts wait, and prompt below the last. */
const LATE = 0.5;
const LATE_PARTS = 2;
/** While that is uncertain, no more parts than this wait. */
const HELD_PARTS = 4;
const PROMPT = 0.2;
/** Parts that may wait for a late reader, so that it always finds one. */
const AHEAD_PARTS = 1;
/** The time over which the rate is measured; a shorter one says too little. Milliseconds. */
const RATE_MS = 1500;
const SHORTEST_MS = 300;
/** A reader that leaves less than this each time could take more than it is given. Parts. */
const NOTHING_LEFT = 0.3;
const LOOKS_WITHOUT = 3;
const FASTER = 1.2;
/** A reader that could take this many times the frames there are is prompt. */
const PROMPT_RATE = 1.25;
/**
 * Where less is sent than the reader would take, it reads what is sent. So a rate falls slowly: to this
 * part at each look, and to no less than that part of the highest one.
 */
const FADING = 0.99;
const LEAST_OF_BEST = 0.75;
/** Where packets find a queue, a reader is slow only if it takes less than this part of what it took. */
const FAR_LESS = 0.5;
/** More parts do not fit into the buffers of a reader. */
const MAX_PARTS = 256;
/** How often to look at what is left, and the lowest rate that is assumed. */
const LOOK_MS = 100;
const SLOWEST_FPS = 0.5;

/** How far the parts have come that a reader is sent. */
export interface Progress {
  /** Bytes of parts that had arrived at the other end's system. */
  readonly delivered: number;
  /** Bytes of parts that had been written. */
  readonly written: number;
  /** When that was. Monotonic time, milliseconds. */
  readonly at: number;
  /** Frames a second that there are. */
  readonly most: number;
  /** Whether packets find a queue on their way. */
  readonly isBusy: boolean;
}

/**
 * Finds out by the kernel's reports whether a reader takes fewer frames than there are, and how many, so
 * that it gets no more: they would only grow old in its buffers.
 */
export class Reader {
  readonly #window = new ReceiveWindow();
  readonly #probe = new ReaderProbe();
  /** The ends of the parts, in bytes written since the start, from the oldest unread one. */
  #ends: number[] = [];
  /** Bytes and parts before these. */
  #before = { bytes: 0, parts: 0 };
  #looks: Look[] = [];
  /** Parts that were unread when last observed. */
  #left = 0;
  #blame = 0;
  #observedAt = -Infinity;
  #isLate = false;
  /** Frames a second that it takes; `Infinity` unless it was late since it last took all. */
  #fps = Infinity;
  /** The highest recent rate, in parts a second. */
  #best = 0;
  #looksWithout = 0;

  /** Whether the reader, and not the link, makes frames wait. */
  get isLate(): boolean {
    return this.#isLate && !this.#probe.blamesLink;
  }

  /** Frames a second that it takes; `Infinity` while it takes all there are. */
  get fps(): number {
    return this.#probe.blamesLink ? Infinity : this.#fps;
  }

  /** Bytes that had arrived unread when last observed. */
  get unread(): number {
    return this.#window.unread;
  }

  /** Whether what waited when last observed waited for the reader, late or not. */
  get isBlamed(): boolean {
    if (this.#probe.blamesLink) return false;
    // What waited for a late reader may just have begun to flow.
    return this.#window.blame > LATE || (this.#fps < Infinity && this.#blame > PROMPT);
  }

  /** Whether frames that had to wait may have waited for the reader. */
  get isSuspect(): boolean {
    if (this.#probe.blamesLink) return false;
    return this.#isLate || this.#blame > PROMPT || this.#window.blame > LATE;
  }

  /** Returns the bytes of padding for a part of `bytes` bytes. */
  padding(bytes: number): number {
    return this.isLate ? this.#probe.padding(bytes) : 0;
  }

  /** Counts a part that leaves, with all that frames it. */
  wrote(bytes: number): void {
    this.#ends.push((this.#ends.at(-1) ?? this.#before.bytes) + bytes);
    // Nothing is observed where the kernel cannot be polled.
    if (this.#ends.length > MAX_PARTS) this.#drop(1);
  }

  /** Takes what the kernel reports of the connection. */
  observe(socket: SocketStatistics, { delivered, written, at, most, isBusy }: Progress): void {
    this.#window.observe(socket, at);
    const { unread, blame } = this.#window;
    // The last acknowledgement says what was read, unless another one is due.
    const isOld = unread > 0 && socket.queued === 0;
    const look = {
      at: isOld ? at - (socket.sinceAcknowledged ?? 0) : at,
      read: this.#partsTo(delivered - unread),
      written: this.#partsTo(written),
    };
    const left = this.#left = look.written - look.read;
    // A reader that has been late is late again as soon as anything waits for it.
    const wasLate = this.#fps < Infinity;
    const since = Math.min(TRUST_MS, at - this.#observedAt);
    this.#observedAt = at;
    this.#blame += (1 - 2 ** (-since / TRUST_MS)) * (blame - this.#blame);
    const isBlamed = (wasLate ? blame : this.#blame) > LATE;
    if (isBlamed && left >= (wasLate ? AHEAD_PARTS : LATE_PARTS)) this.#isLate = true;
    else if (this.#blame < PROMPT && socket.queued > 0) this.#release();
    if (look.at < (this.#looks.at(-1)?.at ?? -Infinity) + LOOK_MS) return;
    // What is under way says nothing of the reader, nor does a part that has only just arrived.
    const unreadParts = this.#window.isReported ? this.#partsTo(delivered) - look.read : left;
    this.#look(look, isOld ? unreadParts - 1 : unreadParts, most, isBusy);
    if (this.#isLate) this.#probe.observe(look);
    this.#forget(delivered - unread);
  }

  /** Returns how long to wait until the reader has room for the next part. Milliseconds. */
  waitFor(now: number): number {
    const last = this.#looks.at(-1);
    if (!last) return 0;
    // Until the next look says whether it is the reader.
    if (this.fps === Infinity) {
      const isHeld = this.#window.isClosed && this.#left >= HELD_PARTS && this.isBlamed;
      return isHeld ? LOOK_MS : 0;
    }
    const written = this.#before.parts + this.#ends.length;
    const left = written - last.read - this.#fps * (now - last.at) / 1000;
    return left <= AHEAD_PARTS ? 0 : Math.min(LOOK_MS, (left - AHEAD_PARTS) * 1000 / this.#fps);
  }

  #look(look: Look, unreadParts: number, most: number, isBusy: boolean): void {
    this.#looks.push(look);
    while (look.at - this.#looks[0].at > RATE_MS) this.#looks.shift();
    if (!this.#isLate && this.#fps === Infinity) return;
    // Without a rate nothing would be sent, and nothing more learned.
    if (this.#fps === Infinity) this.#fps = most;
    this.#looksWithout = unreadParts < NOTHING_LEFT ? this.#looksWithout + 1 : 0;
    if (this.#looksWithout >= LOOKS_WITHOUT) {
      this.#fps *= FASTER;
      this.#looks = [look];
      this.#looksWithout = 0;
      if (this.#fps < PROMPT_RATE * most) return;
      this.#release();
      this.#fps = Infinity;
      return;
    }
    const span = look.at - this.#looks[0].at;
    // What the link limits says nothing of what the reader would take.
    if (span < SHORTEST_MS || this.#blame < PROMPT) return;
    const read = Math.max(SLOWEST_FPS, (look.read - this.#looks[0].read) * 1000 / span);
    if (isBusy && read > FAR_LESS * this.#fps) return;
    this.#best = Math.max(read, FADING * this.#best);
    this.#fps = Math.max(read, LEAST_OF_BEST * this.#best);
  }

  #release(): void {
    this.#isLate = false;
    this.#probe.stop();
  }

  /** Returns how many parts the first `bytes` bytes are; part of a part counts as a fraction. */
  #partsTo(bytes: number): number {
    let start = this.#before.bytes;
    for (const [i, end] of this.#ends.entries()) {
      if (end > bytes) return this.#before.parts + i + Math.max(0, bytes - start) / (end - start);
      start = end;
    }
    return this.#before.parts + this.#ends.length;
  }

  #forget(read: number): void {
    const kept = this.#ends.findIndex((end) => end > read);
    const count = kept < 0 ? this.#ends.length : kept;
    if (count > 0) this.#drop(count);
  }

  #drop(count: number): void {
    this.#before = { bytes: this.#ends[count - 1], parts: this.#before.parts + count };
    this.#ends.splice(0, count);
  }
}
