import type { Clock } from "../../clock.ts";
import type { Hearing } from "../../live_messages.ts";
import { renumbered } from "../../media/sound_message.ts";
import type { SoundBatch } from "./sound_batcher.ts";

/** What a page reports while it listens; see `heard` in live_messages.ts. */
export interface HeardReport {
  /** The newest packet that has arrived. */
  readonly sequence: number;
  /** How many milliseconds ago it arrived. */
  readonly ago: number;
  /** How many milliseconds lie between the arrival of a packet and its sound. */
  readonly buffered: number;
  /** How often the sound was interrupted. */
  readonly gaps: number;
  /** How much later the sound comes than its picture, in milliseconds; `null` if unknown. */
  readonly offset: number | null;
}

/** The interval at which pages report. Milliseconds. */
const REPORT_MS = 250;

/** The round trip that is assumed until the first report. Milliseconds. */
const UNKNOWN_ROUND_TRIP_MS = 1000;

/**
 * The most sound that may be late on the network, beyond the round trip and the interval of the reports, before
 * further packets are kept back. Milliseconds.
 */
const MAX_LATE_MS = 300;

/** The most sound that is kept back: with what is late on the network, half a second. Milliseconds. */
const MAX_KEPT_MS = 200;

/**
 * The link carries what arrived fastest in so many reports: after a pause or a short stall, one report alone says
 * nothing about it.
 */
const RATES = 3;

/**
 * Even to a page that reports nothing, a batch is sent this long after the last one: pages report when sound arrives,
 * so one that reported a moment before its last packet came would never report again. Milliseconds.
 */
const PROBE_MS = REPORT_MS;

/**
 * The most batches that are remembered until the page reports them: 2 s, more than may be under way to a page that
 * reports. Beyond it, the two oldest are taken for one.
 */
const MAX_SENT = 100;

/** A batch on its way to the page. */
interface Sent extends Pick<SoundBatch, "lastSequence" | "lastAt" | "duration"> {
  /** Monotonic time. */
  readonly sentAt: number;
}

/**
 * Sends the sound to one page, at most as fast as it arrives there. TCP delivers everything in order, so what is
 * sent to a page that is behind only makes it later: once 300 ms are late, further packets are kept back, and of these
 * the oldest are dropped.
 */
export class PageListener {
  readonly #send: (message: Uint8Array<ArrayBuffer>) => void;
  readonly #clock: Clock;
  /** Sent and not reported yet, oldest first. */
  #sent: Sent[] = [];
  #sentMs = 0;
  /** The number of packets that were sent. */
  #packets = 0;
  /** Kept back, oldest first. */
  #kept: SoundBatch[] = [];
  #keptMs = 0;
  #dropped = 0;
  /** The page's number of the newest packet; `null` before the first. */
  #lastSequence: number | null = null;
  /** What is added to packets' numbers for this page. */
  #shift = 0;
  /** Whether the next batch is from another stream than the last one. */
  #isSpliced = false;
  /** How much sound arrived in each second, 0..1, by the last reports. */
  #rates: readonly number[] = [1];
  /** How much sound may be under way. Milliseconds. */
  #room = UNKNOWN_ROUND_TRIP_MS + REPORT_MS + MAX_LATE_MS;
  /** When the newest packet arrived, as far as the page has reported. Monotonic time. */
  #arrivedAt = -Infinity;
  #lastSentAt = -Infinity;
  #roundTrip = UNKNOWN_ROUND_TRIP_MS;
  #delay: number | null = null;
  #gaps = 0;
  #offset: number | null = null;

  /**
   * Begins with the next batch.
   *
   * @param send Sends a binary message to the page.
   */
  constructor(send: (message: Uint8Array<ArrayBuffer>) => void, clock: Clock) {
    this.#send = send;
    this.#clock = clock;
  }

  /** How the page hears. */
  get hearing(): Hearing {
    return {
      delay: this.#delay,
      gaps: this.#gaps,
      dropped: this.#dropped,
      offset: this.#offset,
    };
  }

  /** How many batches are remembered that the page has not reported. */
  get unreported(): number {
    return this.#sent.length;
  }

  /** How much sound is kept back. Milliseconds. */
  get keptMs(): number {
    return this.#keptMs;
  }

  /**
   * Sends the next packets, or keeps them back.
   *
   * @param now Monotonic time: the same for all pages, because reading the clock costs as much as all the rest here.
   */
  deliver(batch: SoundBatch, now: number): void {
    this.#kept.push(this.#numbered(batch));
    this.#keptMs += batch.duration;
    this.#sendOn(now);
    while (this.#keptMs > MAX_KEPT_MS) {
      const [{ duration, packets }] = this.#kept.splice(0, 1);
      this.#keptMs -= duration;
      this.#dropped += packets;
    }
  }

  /** Takes the page's report; sends what was kept back if it says that there is room. */
  heard({ sequence, ago, buffered, gaps, offset }: HeardReport): void {
    // Only a packet that comes late can interrupt the sound.
    this.#gaps = Math.max(this.#gaps, Math.min(gaps, this.#packets));
    this.#offset = offset === null ? null : Math.round(offset);
    const arrived = this.#sent.findLastIndex(({ lastSequence }) => lastSequence <= sequence);
    if (arrived < 0) return;
    const now = this.#clock.monotonic();
    const { lastSequence, lastAt, sentAt } = this.#sent[arrived];
    if (lastSequence === sequence) {
      this.#roundTrip = Math.max(0, Math.min(this.#roundTrip, now - ago - sentAt));
      const sinceCapture = this.#clock.wall() - ago - this.#roundTrip / 2 - lastAt;
      this.#delay = Math.round(sinceCapture + buffered);
    }
    this.#arrive(this.#sent.splice(0, arrived + 1), now - ago);
    this.#sendOn(now);
  }

  /** Drops what is kept back, because it must not be heard any more. */
  clear(): void {
    this.#kept = [];
    this.#keptMs = 0;
  }

  /** Goes on with another stream, whose next packet counts as the one after the last that was sent. */
  splice(): void {
    const [unsent] = this.#kept;
    if (unsent) this.#lastSequence = unsent.lastSequence - unsent.packets;
    this.clear();
    this.#isSpliced = true;
  }

  #numbered(batch: SoundBatch): SoundBatch {
    const { packets, message } = batch;
    const first = batch.lastSequence - packets + 1;
    if (this.#isSpliced && this.#lastSequence !== null) {
      this.#shift = this.#lastSequence + 1 - first;
    }
    this.#isSpliced = false;
    const lastSequence = batch.lastSequence + this.#shift;
    this.#lastSequence = lastSequence;
    if (this.#shift === 0) return batch;
    return { ...batch, lastSequence, message: renumbered(message, first + this.#shift) };
  }

  #arrive(sent: readonly Sent[], at: number): void {
    const arrivedMs = sent.reduce((sum, { duration }) => sum + duration, 0);
    this.#sentMs -= arrivedMs;
    const rate = Math.min(1, arrivedMs / Math.max(1, at - this.#arrivedAt));
    this.#rates = [...this.#rates, rate].slice(-RATES);
    this.#arrivedAt = at;
    this.#room = Math.max(...this.#rates) * (this.#roundTrip + REPORT_MS + MAX_LATE_MS);
  }

  #sendOn(now: number): void {
    while (this.#kept.length > 0 && this.#mayHave(this.#kept[0], now)) {
      const { lastSequence, lastAt, duration, packets, message } = this.#kept.shift()!;
      this.#keptMs -= duration;
      this.#sentMs += duration;
      this.#packets += packets;
      this.#lastSentAt = now;
      this.#sent.push({ lastSequence, lastAt, duration, sentAt: now });
      if (this.#sent.length > MAX_SENT) this.#joinOldest();
      this.#send(message);
    }
  }

  #joinOldest(): void {
    const [oldest, next] = this.#sent.splice(0, 2);
    this.#sent.unshift({ ...next, duration: oldest.duration + next.duration });
  }

  #mayHave({ duration }: SoundBatch, now: number): boolean {
    return this.#sentMs + duration <= this.#room || now - this.#lastSentAt >= PROBE_MS;
  }
}
