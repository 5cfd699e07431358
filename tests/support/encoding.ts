import type { Clock } from "../../src/clock.ts";
import { type EncodedFrame, EncoderRun } from "../../src/consumers/encoder/encoder_run.ts";
import { H264_RENDITIONS } from "../../src/media/h264/renditions.ts";
import { pictureForm } from "../../src/media/jpeg/form.ts";
import type { VideoConfiguration } from "../../src/media/packet.ts";
import type { Rendition } from "../../src/media/rendition.ts";
import { until } from "./until.ts";

const START_CODE = Uint8Array.of(0, 0, 0, 1);

export interface EncodingOptions {
  /** A frame of the form of all frames. */
  readonly jpeg: Uint8Array;
  /** Default: the best one. */
  readonly rendition?: Rendition;
  /** Default: time goes on by 33 ms with each frame. */
  readonly clock?: Pick<Clock, "monotonic">;
}

/** A run of the real encoder, with a clock that goes on with the frames, and all that it gave. */
export class Encoding implements AsyncDisposable {
  readonly frames: EncodedFrame[] = [];
  readonly run: EncoderRun;
  /** Milliseconds. */
  now = 0;
  dropped = 0;
  #sequence = 0;

  constructor({ jpeg, rendition = H264_RENDITIONS[0], clock }: EncodingOptions) {
    this.run = new EncoderRun({
      log: { debug: () => {} },
      ...{ program: "ffmpeg", encoder: "libx264", rendition, fps: 30 },
      form: pictureForm(jpeg)!,
      clock: clock ?? { monotonic: () => this.now },
      listener: {
        encoded: (frame) => void this.frames.push(frame),
        dropped: () => void this.dropped++,
      },
    });
  }

  /** Encodes a frame without waiting for it. */
  give(jpeg: Uint8Array<ArrayBuffer>, { isKey = false, after = 33 } = {}): void {
    this.now += after;
    const sequence = ++this.#sequence;
    this.run.encode({ data: jpeg, sequence, at: 1e12 + sequence }, isKey);
  }

  /** Encodes a frame and returns what came of it, and nothing else. */
  async encode(jpeg: Uint8Array<ArrayBuffer>, options = {}): Promise<EncodedFrame> {
    const { length } = this.frames;
    this.give(jpeg, options);
    await until("a frame", () => this.frames.length > length, Boolean, { every: 1 });
    return this.frames.at(-1)!;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.run.stop();
    await this.run.ended;
  }
}

/** Returns packets as a file that ffmpeg reads, with the configuration before the first of each encoder. */
export function annexB(
  packets: readonly Pick<EncodedFrame, "data" | "configuration">[],
): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let before: VideoConfiguration | null = null;
  for (const { data, configuration } of packets) {
    if (configuration !== before) {
      for (const unit of parameterSets(configuration)) parts.push(START_CODE, unit);
    }
    before = configuration;
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    for (let at = 0; at < data.length;) {
      const length = view.getUint32(at);
      parts.push(START_CODE, data.subarray(at + 4, at += 4 + length));
    }
  }
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}

/** The sequence's and the picture's parameters in an `avcC`. */
function parameterSets({ record }: VideoConfiguration): Uint8Array[] {
  const end = 8 + (record[6] << 8 | record[7]);
  const start = end + 3;
  return [
    record.subarray(8, end),
    record.subarray(start, start + (record[end + 1] << 8 | record[end + 2])),
  ];
}
