import type { Clock } from "../clock.ts";
import { AacEncoder, type OnFrame } from "../consumers/sound/aac_encoder.ts";
import { RestartedEncoder } from "../consumers/sound/restarted_encoder.ts";
import { AAC } from "../consumers/sound/sound_format.ts";
import type { Logger } from "../log/log.ts";
import type { AacTrack } from "../streams/aac.ts";
import type { SoundStream } from "../streams/sound_stream.ts";

/** What {@linkcode createAacTrack} builds on. */
export interface AacTrackOptions {
  /** What to encode. */
  readonly sound: SoundStream;
  /** The ffmpeg that encodes. */
  readonly ffmpeg: string;
  /** Receives what goes wrong. */
  readonly log: Logger;
  /** The time. */
  readonly clock: Clock;
}

/** Builds the program's sound as AAC. Dispose of it once everyone has left it. */
export function createAacTrack(options: AacTrackOptions): AacTrack & AsyncDisposable {
  const { sound, ffmpeg: program, log, clock } = options;
  const createEncoder = (onFrame: OnFrame) =>
    new RestartedEncoder({ program, format: AAC, onFrame, log });
  return new AacEncoder({ createEncoder, sound, clock });
}
