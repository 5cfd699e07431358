import { type Clock, SYSTEM_CLOCK } from "../../clock.ts";
import { AnswerHead } from "./answer_head.ts";
import { Attempt, type AttemptEnd, type AttemptOptions } from "./attempt.ts";
import { ConnectionWatch } from "./connection_watch.ts";
import { Pause } from "./pause.ts";
import type { PollRate } from "./poll_rate.ts";

/** The source counts as failed when polls have failed for this long and this many times. */
const FAILING_MS = 2_000;
const FAILING_POLLS = 3;
/** Longest wait for a response, once there has been a frame. Milliseconds. */
const ANSWER_MS = 5_000;
/** A multipart response that has not ended this long after its head is a stream. Milliseconds. */
const PARTS_MS = 2_000;

/** The part of an {@linkcode Attempt} that polling needs. */
export type Run = Pick<Attempt, "ended" | "kill">;

/** Options of {@linkcode Polling}. */
export interface PollingOptions extends AttemptOptions {
  /** How often to poll. */
  readonly rate: PollRate;
  /** Starts ffmpeg for one poll. Default: an {@linkcode Attempt}. */
  readonly run?: (options: AttemptOptions) => Run;
}

/** Result of a poll: a new picture, the same one as before, or none. */
type Outcome = "changed" | "unchanged" | "failed";

/**
 * Reads a source that gives one picture at a time, such as a camera's snapshot address or a still
 * file, by running ffmpeg for each picture.
 *
 * Polls never overlap. If the server sends a validator, the request is conditional (RFC 9110 section
 * 13.1). A picture is passed on only if it differs from the one before.
 *
 * A stream whose connection broke after its first frame looks like such a source. So each response is
 * checked for signs of a stream: a second picture, or parts that do not end.
 */
export class Polling {
  /**
   * Settles when polls have failed for 2 s and 3 times in a row; at once if the first poll fails or
   * the source turns out to be a stream.
   */
  readonly ended: Promise<AttemptEnd>;
  readonly #options: PollingOptions;
  readonly #run: (options: AttemptOptions) => Run;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #connections = new ConnectionWatch();
  /** Head of the last response with a picture. */
  #head = new AnswerHead();
  #newest: Uint8Array | null = null;
  #firstAt = 0;
  /** When the last response without a fault arrived. */
  #soundAt = 0;
  #current: Run | null = null;
  #isKilled = false;
  readonly #pause = new Pause();

  /** Starts polling. */
  constructor(options: PollingOptions) {
    this.#options = options;
    this.#run = options.run ?? ((each) => new Attempt(each));
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.ended = this.#pollOn();
  }

  /** Whether the source's own JPEGs are passed on; else ffmpeg encodes them. */
  get copies(): boolean {
    return this.#options.way.copies;
  }

  /** Ends ffmpeg and the polling. */
  kill(): void {
    this.#isKilled = true;
    this.#current?.kill();
    this.#pause.end();
  }

  async #pollOn(): Promise<AttemptEnd> {
    const { intervalMs, maxIntervalMs } = this.#options.rate;
    let interval = intervalMs;
    let failures = 0;
    for (;;) {
      const startedAt = this.#clock.monotonic();
      const { end, outcome } = await this.#poll();
      if (end.wrongWay) return end;
      const now = this.#clock.monotonic();
      if (outcome === "failed") {
        failures++;
        const isFailing = failures >= FAILING_POLLS && now - this.#soundAt >= FAILING_MS;
        const isOver = end.stalled || end.astray;
        if (this.#newest === null || isFailing || isOver) return end;
        interval = intervalMs;
      } else {
        failures = 0;
        interval = outcome === "changed" ? intervalMs : Math.min(2 * interval, maxIntervalMs);
      }
      const left = startedAt + interval - now;
      if (!this.#isKilled && left > 0) await this.#pause.wait(left);
      if (this.#isKilled) return end;
    }
  }

  async #poll(): Promise<{ end: AttemptEnd; outcome: Outcome }> {
    const { onFrame, onLine, splitter, isRemote, way: { copies } } = this.#options;
    const isFirst = this.#newest === null;
    const head = new AnswerHead();
    let jpeg: Uint8Array<ArrayBuffer> | null = null;
    let isLate = false;
    let isStream = false;
    let partsTimer: ReturnType<typeof setTimeout> | undefined;
    const endStream = () => {
      isStream = true;
      run.kill();
    };
    splitter.reset();
    const run = this.#run({
      ...this.#options,
      way: { ...this.#options.way, args: this.#args() },
      connections: this.#connections,
      onFrame(frame) {
        if (jpeg !== null) return endStream();
        jpeg = frame;
        // Once encoded, a preview after the picture would look like a second one.
        if (!isRemote || !copies && !head.isMultipart) run.kill();
      },
      onLine(line) {
        head.take(line);
        if (head.isNotModified) run.kill();
        if (head.isMultipart) partsTimer ??= setTimeout(endStream, PARTS_MS);
        if (isFirst) onLine(line);
      },
    });
    this.#current = run;
    const timer = isFirst ? undefined : setTimeout(() => {
      isLate = true;
      run.kill();
    }, ANSWER_MS);
    const ended = await run.ended;
    clearTimeout(timer);
    clearTimeout(partsTimer);
    // ffmpeg is stricter about parts than the splitter, which can read this as a stream.
    isStream ||= isFirst && jpeg === null && head.isMultipart;
    const outcome = this.#judge(jpeg, head);
    if (outcome !== "failed") {
      this.#soundAt = this.#clock.monotonic();
      if (isFirst) this.#firstAt = this.#soundAt;
      if (!head.isNotModified) this.#head = head;
    }
    if (outcome === "changed" && jpeg !== null && !this.#isKilled) {
      onFrame(this.#newest = jpeg, 0, null);
    }
    return { outcome, end: this.#endOf(ended, isLate, isStream) };
  }

  #judge(jpeg: Uint8Array | null, { isNotModified }: AnswerHead): Outcome {
    if (jpeg === null) return isNotModified && this.#newest !== null ? "unchanged" : "failed";
    return this.#newest !== null && isSame(jpeg, this.#newest) ? "unchanged" : "changed";
  }

  /** Returns how polling would end if this were the last poll. */
  #endOf(ended: AttemptEnd, isLate: boolean, isStream: boolean): AttemptEnd {
    const hadFrames = this.#newest !== null;
    const { way: { copies }, learn } = this.#options;
    const isUnsound = copies && !hadFrames && ended.damaged + ended.oversized > 0;
    return {
      ...ended,
      // A picture that cannot be copied may still be decodable.
      wrongWay: isStream ? !learn({ isStill: false }) : isUnsound && !learn({ isUnsound }),
      stalled: ended.stalled || isLate,
      hadFrames,
      liveFor: hadFrames ? this.#soundAt - this.#firstAt : 0,
    };
  }

  #args(): readonly string[] {
    const { way: { args }, isRemote } = this.#options;
    if (!isRemote) return args;
    const conditions = this.#head.conditions();
    const headers = conditions === "" ? [] : ["-headers", conditions];
    // ffmpeg logs the headers that it receives only at this level.
    return args.toSpliced(args.indexOf("-i"), 0, "-loglevel", "repeat+trace", ...headers);
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}
