import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../../clock.ts";
import type { Logger } from "../../log/log.ts";
import { H264_RENDITIONS } from "../../media/h264/renditions.ts";
import { pictureForm } from "../../media/jpeg/form.ts";
import { EncoderRun } from "./encoder_run.ts";
import type { EncoderName } from "./encoders.ts";

/** How many frames a second are encoded, as a camera gives them. */
const FPS = 30;

/** ffmpeg and the hardware have so long for the first frame, and then for the last ones. Milliseconds. */
const START_MS = 3_000;
const END_MS = 200;

/** How many of the frames must come out. */
const LEAST = 0.9;

/** What a trial is run with. */
export interface TrialOptions {
  /** The ffmpeg to run. */
  readonly program: string;
  /** The encoder to try. */
  readonly encoder: EncoderName;
  /** The frames to encode, one after another and all of one form. */
  readonly frames: readonly Uint8Array<ArrayBuffer>[];
  /** The time. */
  readonly clock: Pick<Clock, "monotonic">;
  /** Receives what cannot be guarded here. */
  readonly log: Pick<Logger, "debug">;
  /** Ends the trial, which then fails. */
  readonly signal: AbortSignal;
}

/**
 * Encodes frames with an encoder for a second, as they come from a camera.
 *
 * @returns The median delay in milliseconds; `null` if the encoder does not work, or not in real time.
 */
export async function tryEncoder(options: TrialOptions): Promise<number | null> {
  const { program, encoder, frames, clock, log, signal } = options;
  const form = frames.length === 0 ? null : pictureForm(frames[0]);
  if (form === null || signal.aborted) return null;
  const delays: number[] = [];
  const { promise: started, resolve: start } = Promise.withResolvers<void>();
  let isWrong = false;
  const run = new EncoderRun({
    ...{ program, encoder, form, clock, log, rendition: H264_RENDITIONS[0], fps: FPS },
    listener: {
      encoded: (frame) => {
        // The first frame is a key, and the one in the middle is asked for.
        isWrong ||= frame.isKey !== (frame.sequence === 0 || frame.sequence === FPS / 2);
        delays.push(frame.delay);
        start();
      },
      dropped: () => {},
    },
  });
  const encode = (sequence: number) =>
    run.encode(
      { data: frames[sequence % frames.length], sequence, at: 0 },
      sequence === FPS / 2,
    );
  const stop = () => run.stop();
  signal.addEventListener("abort", stop);
  encode(0);
  const timer = setTimeout(start, START_MS);
  await Promise.race([started, run.ended]);
  clearTimeout(timer);
  if (delays.length > 0) {
    for (let sequence = 1; sequence < FPS && !signal.aborted; sequence++) {
      await delay(1000 / FPS);
      encode(sequence);
    }
    await delay(END_MS);
  }
  signal.removeEventListener("abort", stop);
  run.stop();
  await run.ended;
  const isFast = delays.length >= LEAST * FPS;
  return isFast && !isWrong ? delays.sort((one, other) => one - other)[delays.length >> 1] : null;
}
