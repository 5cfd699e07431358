import { setImmediate as nextTurn } from "node:timers/promises";
import { type Clock, SYSTEM_CLOCK } from "../../clock.ts";
import type { UserError } from "../../errors.ts";
import { ConnectionWatch } from "./connection_watch.ts";
import { CopyCheck, HEAD_BYTES, isPage, mayBeJpegs } from "./copy_check.ts";
import { FfmpegProcess } from "./ffmpeg.ts";
import { type Findings, InputReport } from "./findings.ts";
import { MAX_FRAME_BYTES } from "./frame_limit.ts";
import { MAX_FFMPEG_MEMORY } from "../../child_process/memory_limit.ts";
import type { Ffmpeg } from "./setup.ts";
import type { PartHead } from "../relay/part_head.ts";
import { PartPieces } from "../relay/part_pieces.ts";
import type { FrameSplitter } from "./splitter.ts";
import { StillCheck } from "./still_check.ts";
import type { Way } from "./way.ts";

/** Without a frame for this long, the source counts as stalled. */
const STALL_MS = 5_000;
/** If they are JPEGs, this many bytes contain a whole frame, wherever they start. */
const SEARCHED_BYTES = 2 * MAX_FRAME_BYTES;

/** Options of {@linkcode Attempt}. */
export interface AttemptOptions {
  /** Reads the source. */
  readonly ffmpeg: Ffmpeg;
  /** How to open the source. */
  readonly way: Way;
  /** Time for the first frame: cameras warm up, connections take a while. Milliseconds. */
  readonly firstFrameMs: number;
  /** Takes findings about the source; returns whether the way is still the right one. */
  readonly learn: (findings: Findings) => boolean;
  /** Whether the source is another machine, which is not trusted. */
  readonly isRemote: boolean;
  /** Knows where earlier attempts connected; absent if there were none. */
  readonly connections?: ConnectionWatch;
  /** An empty one. Its counts go on from earlier attempts. */
  readonly splitter: FrameSplitter;
  /** This program's id, whose own stream is refused. Default: no stream is. */
  readonly ownId?: string;
  /** Takes each frame, its place among all that ffmpeg has written, from 0, and what another livestream said of it. */
  readonly onFrame: (
    jpeg: Uint8Array<ArrayBuffer>,
    index: number,
    head: PartHead | null,
  ) => void;
  /** Takes each line of ffmpeg's standard error. */
  readonly onLine: (line: string) => void;
  /** Default: the system's clock. */
  readonly clock?: Pick<Clock, "monotonic">;
}

/** How one attempt to read a source ended. */
export interface AttemptEnd {
  /** Why ffmpeg could not be started, and what to do; null if it was. */
  readonly startFailure: UserError | null;
  /** Whether it was ended because the source needs another way. */
  readonly wrongWay: boolean;
  /** Whether the source sent anything. */
  readonly hadData: boolean;
  /** Whether it was ended because no frame came in time. */
  readonly stalled: boolean;
  /** Whether it was ended because the source sent it to another host. */
  readonly astray: boolean;
  /** Whether it was ended because the source shows this program's own stream. */
  readonly isLoop?: boolean;
  /** Whether the address led to a web page. */
  readonly isPage?: boolean;
  /** Whether there was a frame. */
  readonly hadFrames: boolean;
  /** Time from its first frame to its last. Milliseconds. */
  readonly liveFor: number;
  /** Frames dropped as damaged. */
  readonly damaged: number;
  /** Frames dropped because they have too many pixels, or too many bytes for them. */
  readonly oversized: number;
  /** The last lines that ffmpeg wrote. */
  readonly lines: readonly string[];
}

/** One attempt to read a source, from the start of ffmpeg to its end. */
export class Attempt {
  /** Settles when ffmpeg is gone. */
  readonly ended: Promise<AttemptEnd>;
  readonly #options: AttemptOptions;
  readonly #process: FfmpegProcess;
  readonly #report = new InputReport();
  readonly #check = new CopyCheck();
  readonly #still = new StillCheck();
  readonly #pieces = new PartPieces();
  readonly #connections: ConnectionWatch;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #startedAt: number;
  /** Frames dropped before this run. */
  readonly #damagedBefore: number;
  readonly #oversizedBefore: number;
  /** The first bytes of the source that have arrived; null once they have been examined. */
  #head: Uint8Array | null = new Uint8Array();
  /** Number of bytes that came before the first frame. */
  #searched = 0;
  /** Whole frames from ffmpeg, including those that are not passed on. */
  #received = 0;
  #wrongWay = false;
  #stalled = false;
  #astray = false;
  #isLoop = false;
  #isPage = false;
  #hadData = false;
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  #firstFrameAt = 0;
  #lastFrameAt: number | null = null;

  /** Starts ffmpeg. */
  constructor(options: AttemptOptions) {
    this.#options = options;
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.#startedAt = this.#clock.monotonic();
    this.#connections = options.connections ?? new ConnectionWatch();
    this.#damagedBefore = options.splitter.damaged;
    this.#oversizedBefore = options.splitter.oversized;
    this.#process = new FfmpegProcess({
      ffmpeg: options.ffmpeg,
      args: options.way.args,
      maxMemory: options.isRemote ? MAX_FFMPEG_MEMORY : undefined,
      onData: (chunk) => this.#takeData(chunk),
      onLine: (line) => this.#takeLine(line),
    });
    this.#watch();
    this.ended = this.#end();
  }

  /** Whether the source's own JPEGs are passed on; else ffmpeg encodes them. */
  get copies(): boolean {
    return this.#options.way.copies;
  }

  /** Ends ffmpeg. */
  kill(): void {
    this.#process.kill();
  }

  get #isOver(): boolean {
    return this.#wrongWay || this.#astray || this.#isLoop;
  }

  #takeData(chunk: Uint8Array): void | Promise<void> {
    this.#hadData = true;
    const { evidence } = this.#options.way;
    if (evidence !== "bytes") return this.#takeBytes(chunk, null);
    if (this.#lastFrameAt === null) this.#lookForJpegs(chunk);
    return this.#takePieces(chunk);
  }

  async #takePieces(chunk: Uint8Array): Promise<void> {
    for (const { bytes, head } of this.#pieces.push(chunk)) {
      const { ownId } = this.#options;
      if (ownId !== undefined && head?.via.includes(ownId)) this.#endLoop();
      if (this.#isOver) return;
      await this.#takeBytes(bytes, head);
    }
  }

  #endLoop(): void {
    this.#isLoop = true;
    this.kill();
  }

  #takeBytes(chunk: Uint8Array, head: PartHead | null): void | Promise<void> {
    if (this.#isOver) return;
    const { evidence, copies, polls } = this.#options.way;
    const frames = this.#options.splitter.push(chunk);
    this.#received += frames.length;
    // Until ffmpeg has reported its input, the frames may have to be turned or stretched.
    if (evidence === "report" && !this.#report.isOver) return;
    // A poll has no second frame to compare with.
    return this.#lastFrameAt === null && copies && !polls
      ? this.#takeFirstCopies(frames, head)
      : this.#takeFrames(frames, head);
  }

  /** Checks whether the bytes before the first frame can be JPEGs, and gives up after enough of them. */
  #lookForJpegs(chunk: Uint8Array): void {
    if (this.#head !== null) this.#takeHead(chunk);
    this.#searched += chunk.length;
    if (this.#searched > SEARCHED_BYTES) this.#learn({ isRaw: false });
  }

  #takeHead(chunk: Uint8Array): void {
    this.#head = new Uint8Array([...this.#head!, ...chunk.subarray(0, HEAD_BYTES)]);
    if (this.#head.length < HEAD_BYTES) return;
    this.#isPage = isPage(this.#head);
    if (!mayBeJpegs(this.#head)) this.#learn({ isRaw: false });
    this.#head = null;
  }

  #takeFirstCopies(
    frames: readonly Uint8Array<ArrayBuffer>[],
    head: PartHead | null,
  ): void | Promise<void> {
    const known = this.#options.way.evidence === "bytes" ? { codec: "mjpeg", isRaw: true } : {};
    const usable = this.#check.take(frames);
    const { fields } = this.#check;
    if (fields !== null) {
      this.#learn({ ...known, fields });
    } else if (usable.length > 0) {
      this.#learn(known);
      return this.#takeFrames(usable, head);
    } else if (this.#check.isHopeless(this.#damaged + this.#oversized, this.#clock.monotonic())) {
      this.#learn({ ...known, isUnsound: true });
    }
  }

  async #takeFrames(
    frames: readonly Uint8Array<ArrayBuffer>[],
    head: PartHead | null,
  ): Promise<void> {
    if (frames.length === 0 || this.#isOver) return;
    const now = this.#clock.monotonic();
    if (this.#lastFrameAt === null) this.#firstFrameAt = now;
    this.#lastFrameAt = now;
    const wasStream = this.#still.isStream;
    // These frames are the newest, and damaged ones were in their places too.
    const first = this.#received + this.#damaged + this.#oversized - frames.length;
    for (const [i, jpeg] of frames.entries()) {
      // Lets the reader take one frame of a chunk before the next replaces it.
      if (i > 0) await nextTurn();
      if (this.#isOver) return;
      if (this.#still.take(jpeg)) this.#options.onFrame(jpeg, first + i, head);
    }
    // In a poll, the second frame may be an encoded preview: Polling judges that.
    const { isRemote, way: { polls } } = this.#options;
    if (isRemote && !polls && !wasStream && this.#still.isStream) this.#learn({ isStill: false });
  }

  #takeLine(line: string): void {
    this.#options.onLine(line);
    if (this.#options.isRemote) this.#lookForTrouble(line);
    if (this.#options.way.evidence !== "report") return;
    const findings = this.#report.take(line);
    if (findings === null) return;
    // An address may go on sending such pictures.
    const isStill = this.#report.isPicture && !this.#options.isRemote;
    this.#learn(isStill ? { ...findings, isStill } : findings);
  }

  #learn(findings: Findings): void {
    if (this.#isOver || this.#options.learn(findings)) return;
    this.#wrongWay = true;
    this.kill();
  }

  /** Ends an ffmpeg that connects elsewhere, or that has no memory for a frame. */
  #lookForTrouble(line: string): void {
    this.#astray ||= this.#connections.isAstray(line);
    if (this.#astray || line.startsWith("Failed to reallocate parser buffer")) this.kill();
  }

  /** Checks again when the current limit would expire, instead of setting a timer for each frame. */
  #watch(): void {
    const limitAt = this.#lastFrameAt === null
      ? this.#startedAt + this.#options.firstFrameMs
      : this.#lastFrameAt + STALL_MS;
    const left = limitAt - this.#clock.monotonic();
    if (left > 0) {
      // At least every second: after the first frame the limit is shorter.
      this.#watchdog = setTimeout(() => this.#watch(), Math.min(left, 1_000));
    } else {
      this.#stalled = true;
      this.kill();
    }
  }

  /** Derives from a response that is over whether it was a single picture. */
  #learnOfAnswer(): void {
    if (!this.#options.isRemote) return;
    const { evidence } = this.#options.way;
    const isOversized = this.#lastFrameAt === null && this.#oversized === 1;
    if (evidence === "bytes" && isOversized) {
      this.#learn({ codec: "mjpeg", isRaw: true, isUnsound: true, isStill: true });
    } else if (evidence === "bytes" ? this.#still.isStill : this.#isLonePicture) {
      this.#learn({ isStill: true });
    }
  }

  /** Whether ffmpeg read one picture and nothing else; `nobuffer` may have dropped even that one. */
  get #isLonePicture(): boolean {
    return this.#report.isPicture && (this.#lastFrameAt === null || this.#still.isStill);
  }

  get #damaged(): number {
    return this.#options.splitter.damaged - this.#damagedBefore;
  }

  get #oversized(): number {
    return this.#options.splitter.oversized - this.#oversizedBefore;
  }

  async #end(): Promise<AttemptEnd> {
    const { startFailure, lines } = await this.#process.ended;
    clearTimeout(this.#watchdog);
    if (!this.#stalled) this.#learnOfAnswer();
    return {
      startFailure,
      lines,
      wrongWay: this.#wrongWay,
      hadData: this.#hadData,
      stalled: this.#stalled,
      astray: this.#astray,
      isLoop: this.#isLoop,
      isPage: this.#isPage,
      hadFrames: this.#lastFrameAt !== null,
      liveFor: (this.#lastFrameAt ?? 0) - this.#firstFrameAt,
      damaged: this.#damaged,
      oversized: this.#oversized,
    };
  }
}
