import type { Clock } from "../../clock.ts";
import { Emitter } from "../../events.ts";
import type { Logger } from "../../log/log.ts";
import { bitRateOf } from "../../media/h264/renditions.ts";
import { type Form, isSameForm, pictureForm } from "../../media/jpeg/form.ts";
import type { Part } from "../../media/multipart.ts";
import { type Rendition, SOURCE } from "../../media/rendition.ts";
import { encodeVideoPart } from "../../media/video_part.ts";
import type { Consumer } from "../../streams/consumer.ts";
import type { Stream } from "../../streams/stream.ts";
import type { VideoConsumer, VideoTrack } from "../../streams/video.ts";
import type { EncoderFinder } from "./encoder_finder.ts";
import type { EncodedFrame, EncoderRun, EncoderRunOptions } from "./encoder_run.ts";
import type { EncoderName } from "./encoders.ts";
import { FrameBudget, type FrameBudgetOptions } from "./frame_budget.ts";
import { KeySchedule } from "./key_schedule.ts";
import { PacketSizes } from "./packet_sizes.ts";
import { Pace } from "./pace.ts";
import { Retries } from "./retries.ts";

/** An encoder that nobody needs any more runs for so long. Milliseconds. */
const LINGER_MS = 10_000;

/** What a track uses of a run. */
export type TrackRun = Pick<EncoderRun, "ended" | "hasKey" | "encode" | "hang" | "stop">;

/** What a track is built with. */
export interface H264TrackOptions extends Omit<FrameBudgetOptions, "clock"> {
  /** Whose frames to encode. */
  readonly stream: Pick<Stream, "join" | "leave" | "size">;
  /** How. */
  readonly rendition: Rendition;
  /** Names the encoder to use, and hears of failures. */
  readonly finder: Pick<EncoderFinder, "encoder" | "failed">;
  /** Starts an encoder. */
  readonly start: (options: Omit<EncoderRunOptions, "program" | "log">) => TrackRun;
  /** Receives what goes wrong. */
  readonly log: Logger;
  /** Called when the machine was too slow for it, and so for all that is as large. */
  readonly onTooSlow?: () => void;
  /** The time. */
  readonly clock: Clock;
}

/** A run, and what it encodes. */
interface Current {
  readonly run: TrackRun;
  readonly encoder: EncoderName;
  readonly form: Form;
  readonly pace: Pace;
  hasPackets: boolean;
}

/** What a track counts; it only rises. */
export interface TrackTotals {
  /** Frames encoded. */
  readonly encoded: number;
  /** Frames dropped, as newer ones came first. */
  readonly dropped: number;
  /** Encoders that failed. */
  readonly failures: number;
}

/** Encodes a stream's frames as H.264 while somebody needs it, with one ffmpeg for frames of one form. */
export class H264Track implements VideoTrack, Consumer, AsyncDisposable {
  readonly followsMotion = false;
  readonly origin = null;
  readonly rendition: Rendition;
  readonly #options: H264TrackOptions;
  readonly #clock: Clock;
  readonly #consumers = new Set<VideoConsumer>();
  readonly #keys: KeySchedule;
  readonly #sizes: PacketSizes;
  readonly #budget: FrameBudget;
  readonly #retries: Retries;
  readonly #totals = { encoded: 0, dropped: 0, failures: 0 };
  #current: Current | null = null;
  /** Settle when their runs have ended. */
  readonly #ending = new Set<Promise<void>>();
  #index = 0;
  #sequence = -1;
  #unneededSince = -Infinity;
  #isClosed = false;

  /** Encodes nothing yet. */
  constructor(options: H264TrackOptions) {
    const { rendition, clock } = options;
    this.rendition = rendition;
    this.#options = options;
    this.#clock = clock;
    this.#keys = new KeySchedule(clock);
    this.#budget = new FrameBudget(options);
    this.#sizes = new PacketSizes(clock);
    this.#retries = new Retries(clock);
  }

  get isAvailable(): boolean {
    return !this.#isClosed && this.#options.finder.encoder !== null && !this.#retries.isWaiting;
  }

  get bytes(): number {
    const size = this.#options.stream.size ?? { width: 1280, height: 720 };
    return this.#sizes.mean() ?? bitRateOf(this.rendition, size) / 8 / this.#budget.fps;
  }

  get isKeyNear(): boolean {
    return this.#keys.isDue || this.#current?.run.hasKey === true;
  }

  /** Whether an ffmpeg runs. */
  get isRunning(): boolean {
    return this.#current !== null;
  }

  /** What it has done since the start. */
  get totals(): TrackTotals {
    return this.#totals;
  }

  join(consumer: VideoConsumer): void {
    const isFirst = this.#consumers.size === 0;
    this.#consumers.add(consumer);
    if (isFirst) this.#options.stream.join(this);
  }

  leave(consumer: VideoConsumer): void {
    if (!this.#consumers.delete(consumer) || this.#consumers.size > 0) return;
    this.#options.stream.leave(this);
    this.#unneededSince = this.#clock.monotonic();
  }

  requestKey(): void {
    this.#keys.request();
  }

  decide(): Rendition | null {
    return this.isAvailable ? SOURCE : null;
  }

  deliver({ frame: { sequence, ...frame }, jpeg }: Part): void {
    const { finder: { encoder } } = this.#options;
    const form = pictureForm(jpeg);
    if (encoder === null || form === null || this.#consumers.size === 0) return;
    if (!this.#current || !isSameForm(this.#current.form, form) || this.#budget.isOff()) {
      this.#stop();
      this.#start(encoder, form);
    }
    const isKey = this.#keys.take();
    const isRepeated = sequence === this.#sequence;
    const due = isRepeated ? this.#clock.wall() : frame.due;
    const at = isRepeated ? due! + frame.at - (frame.due ?? frame.at) : frame.at;
    this.#sequence = sequence;
    this.#current?.run.encode({ data: jpeg, sequence, at, due }, isKey);
  }

  /** Rests as if it had failed, since the machine is too slow for something no larger. */
  rest(): void {
    if (!this.isAvailable) return;
    this.#retries.failed();
    this.#stop();
  }

  /** Ends an encoder that hangs, is too slow, or that nobody needs. Call this a few times a second. */
  tick(): void {
    const current = this.#current;
    if (!current) return;
    const isUnneeded = this.#consumers.size === 0;
    if (isUnneeded && this.#clock.monotonic() - this.#unneededSince >= LINGER_MS) {
      this.#retries.rests();
      return this.#stop();
    }
    const slow = current.pace.verdict();
    const failure = slow === null ? current.run.hang : `this machine is too slow: ${slow}`;
    if (failure === null) return;
    current.run.stop();
    this.#fail(current, failure);
    if (slow !== null) this.#options.onTooSlow?.();
  }

  /** Ends the encoder, and settles when all its processes are gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#options.stream.leave(this);
    this.#consumers.clear();
    this.#stop();
    await Promise.all(this.#ending);
  }

  #start(encoder: EncoderName, form: Form): void {
    const { start, rendition, clock } = this.#options;
    const fps = this.#budget.start();
    this.#keys.restart();
    this.#sizes.clear();
    const pace = new Pace(clock);
    const run = start({
      ...{ encoder, rendition, form, fps, clock },
      listener: {
        encoded: (frame) => {
          if (this.#current === current) this.#publish(current, frame);
        },
        dropped: (waited) => {
          this.#totals.dropped++;
          pace.dropped(waited);
        },
      },
    });
    const current: Current = this.#current = { run, encoder, form, pace, hasPackets: false };
    const ending: Promise<void> = run.ended.then((reason) => {
      this.#ending.delete(ending);
      this.#fail(current, reason);
    });
    this.#ending.add(ending);
  }

  #stop(): void {
    this.#current?.run.stop();
    this.#current = null;
  }

  #fail(failed: Current, reason: string): void {
    if (this.#current !== failed) return;
    this.#current = null;
    this.#totals.failures++;
    const { log, finder } = this.#options, { encoder } = failed;
    const message = "H.264 failed and is tried again; until then, viewers get JPEG";
    log[this.#retries.failed() ? "warn" : "debug"](message, { encoder, reason });
    finder.failed(encoder);
  }

  #publish(current: Current, { delay, ...packet }: EncodedFrame): void {
    if (!current.hasPackets && !packet.isKey) {
      current.run.stop();
      return this.#fail(current, "its first packet is no key");
    }
    current.hasPackets = true;
    current.pace.encoded(delay);
    this.#totals.encoded++;
    this.#retries.works();
    this.#sizes.add(packet.data.length);
    const numbered = { track: "video", ...packet, index: ++this.#index } as const;
    const part = encodeVideoPart(numbered, this.rendition);
    for (const consumer of [...this.#consumers]) {
      try {
        consumer.deliver(part.packet, part);
      } catch (error) {
        // It must not end the encoder, nor cost the others a packet.
        Emitter.onError(error);
      }
    }
  }
}
