import { MAX_FFMPEG_MEMORY } from "../../child_process/memory_limit.ts";
import type { Clock } from "../../clock.ts";
import type { Logger } from "../../log/log.ts";
import type { FlvVideo } from "../../media/flv.ts";
import { readConfiguration } from "../../media/h264/configuration.ts";
import { bitRateOf } from "../../media/h264/renditions.ts";
import type { Form } from "../../media/jpeg/form.ts";
import { matroskaFrame, matroskaHead } from "../../media/matroska.ts";
import type { Frame, VideoConfiguration, VideoPacket } from "../../media/packet.ts";
import type { Rendition } from "../../media/rendition.ts";
import { EncoderProcess } from "./encoder_process.ts";
import { encoderArgs, type EncoderName } from "./encoders.ts";

/** Frames in ffmpeg at one time. With more, the delay grew to 5 s on a busy machine. */
const MAX_IN_FLIGHT = 3;

/** An ffmpeg that has not answered a frame for so long hangs; it starts before the first. Milliseconds. */
const HANG_MS = 2_000;
const START_MS = 5_000;

/**
 * An encoder may use so much memory for each pixel beside what any ffmpeg may. Decoding and encoding 3840x2160
 * took 402 MiB, 7680x4320 1,256 MiB. Bytes.
 */
const BYTES_PER_PIXEL = 32;

/** FLV's timestamps have 31 bits. */
const TIMESTAMPS = 2 ** 31;

/** What a run gives for a frame. */
export interface EncodedFrame
  extends Pick<VideoPacket, "sequence" | "at" | "due" | "data" | "isKey"> {
  /** Describes the encoding. */
  readonly configuration: VideoConfiguration;
  /** How long it took, the wait for ffmpeg included. Milliseconds. */
  readonly delay: number;
}

/** Takes what happens in a run. */
export interface EncoderListener {
  /** Takes a frame that was encoded. */
  encoded(frame: EncodedFrame): void;
  /**
   * A newer frame took the place of one that waited, or ffmpeg could not decode it.
   *
   * @param waited How long it waited for ffmpeg; 0 if that was not the reason. Milliseconds.
   */
  dropped(waited: number): void;
}

/** What a run is started with. */
export interface EncoderRunOptions {
  /** The ffmpeg to run. */
  readonly program: string;
  /** Which of its encoders to use. */
  readonly encoder: EncoderName;
  /** What it makes of the frames. */
  readonly rendition: Rendition;
  /** The form of the frames. */
  readonly form: Form;
  /** About how many there are a second. */
  readonly fps: number;
  /** The time. */
  readonly clock: Pick<Clock, "monotonic">;
  /** Takes what happens. */
  readonly listener: EncoderListener;
  /** Receives what cannot be guarded here. */
  readonly log: Pick<Logger, "debug">;
}

/** A frame that is to be encoded. */
interface Waiting {
  readonly frame: Pick<Frame, "data" | "sequence" | "at" | "due">;
  readonly isKey: boolean;
  /** Monotonic time when it came. */
  readonly since: number;
}

/** A frame in ffmpeg. */
interface InFlight extends Waiting {
  readonly timestamp: number;
  readonly sentAt: number;
}

/**
 * One ffmpeg that encodes frames of one form, started once. Each frame gives one access unit; while three
 * are in ffmpeg, the newest one waits.
 */
export class EncoderRun {
  /** Settles when ffmpeg is gone, with the reason. Never rejects. */
  readonly ended: Promise<string>;
  readonly #process: EncoderProcess;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #listener: EncoderListener;
  readonly #startedAt: number;
  #inFlight: InFlight[] = [];
  #waiting: Waiting | null = null;
  /** Whether a frame that was to become a key could not be decoded. */
  #owesKey = false;
  #configuration: VideoConfiguration | null = null;
  #timestamp = -1;
  #answeredAt = -Infinity;
  #isStopped = false;

  /** Starts ffmpeg. */
  constructor(options: EncoderRunOptions) {
    const { program, encoder, rendition, form, fps, log } = options;
    const { orientation } = form;
    this.#clock = options.clock;
    this.#listener = options.listener;
    this.#startedAt = this.#clock.monotonic();
    const args = encoderArgs({ ...options, orientation, bitRate: bitRateOf(rendition, form) });
    this.#process = new EncoderProcess({
      ...{ program, args, log },
      maxMemory: memoryOf(encoder, form),
      onVideo: (video) => this.#take(video),
    });
    this.#process.write(matroskaHead(form, fps));
    this.ended = this.#process.ended;
  }

  /** Whether a frame that becomes a key has not been encoded yet. */
  get hasKey(): boolean {
    return this.#owesKey || this.#waiting?.isKey === true ||
      this.#inFlight.some(({ isKey }) => isKey);
  }

  /** Encodes a frame, unless a newer one comes before ffmpeg can take it. */
  encode(frame: Pick<Frame, "data" | "sequence" | "at" | "due">, isKey: boolean): void {
    if (this.#isStopped) return;
    const since = this.#clock.monotonic();
    if (this.#waiting) this.#listener.dropped(since - this.#waiting.since);
    // A key that was asked for is not lost with its frame.
    this.#waiting = {
      frame,
      isKey: isKey || this.#owesKey || this.#waiting?.isKey === true,
      since,
    };
    this.#owesKey = false;
    this.#send();
  }

  /** How long ffmpeg has not answered, in words, if that is too long; else `null`. */
  get hang(): string | null {
    const [oldest] = this.#inFlight;
    if (!oldest) return null;
    const limit = this.#answeredAt === -Infinity ? START_MS : HANG_MS;
    const silent = this.#clock.monotonic() - Math.max(oldest.sentAt, this.#answeredAt);
    return silent > limit ? `no answer for ${limit / 1000} s` : null;
  }

  /** Kills ffmpeg; nothing is encoded any more. */
  stop(): void {
    this.#isStopped = true;
    this.#inFlight = [];
    this.#waiting = null;
    this.#process.kill();
  }

  #send(): void {
    if (!this.#waiting || this.#inFlight.length >= MAX_IN_FLIGHT) return;
    const { frame, isKey } = this.#waiting;
    const now = this.#clock.monotonic();
    // Even, and odd for a key; never the same again. The first frame that ffmpeg decodes becomes a key
    // anyway, and is even so that its `t` is.
    const even = Math.max(
      2 * Math.round((now - this.#startedAt) / 2),
      2 * Math.ceil((this.#timestamp + 1) / 2),
    );
    const timestamp = even + (isKey && this.#answeredAt > -Infinity ? 1 : 0);
    this.#timestamp = timestamp;
    this.#inFlight.push({ ...this.#waiting, timestamp: timestamp % TIMESTAMPS, sentAt: now });
    this.#waiting = null;
    this.#process.write(matroskaFrame(frame.data, timestamp));
  }

  #take(video: FlvVideo): void {
    if (this.#isStopped) return;
    if (video.kind === "configuration") {
      // An ffmpeg that ends writes an empty one.
      if (video.record.length > 0) this.#configuration = readConfiguration(video.record);
      return;
    }
    const place = this.#inFlight.findIndex(({ timestamp }) => timestamp === video.timestamp);
    if (place < 0) throw new RangeError("ffmpeg encoded a frame that it was not given");
    if (!this.#configuration) throw new RangeError("ffmpeg gave no configuration of H.264");
    // It gives nothing for frames that it cannot decode.
    for (const { isKey } of this.#inFlight.slice(0, place)) {
      this.#owesKey ||= isKey && !video.isKey;
      this.#listener.dropped(0);
    }
    const { frame: { sequence, at, due }, since } = this.#inFlight[place];
    this.#inFlight = this.#inFlight.slice(place + 1);
    this.#answeredAt = this.#clock.monotonic();
    const delay = this.#answeredAt - since;
    const { data, isKey } = video;
    this.#listener.encoded({
      sequence,
      at,
      ...(due !== undefined && { due }),
      data,
      isKey,
      configuration: this.#configuration,
      delay,
    });
    this.#send();
  }
}

/** Returns the limit of an encoder's memory in bytes; with hardware none, as drivers map much that nobody uses. */
function memoryOf(encoder: EncoderName, { width, height }: Form): number | undefined {
  if (encoder !== "libx264") return undefined;
  return MAX_FFMPEG_MEMORY + BYTES_PER_PIXEL * width * height;
}
