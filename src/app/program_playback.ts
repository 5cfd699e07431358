import type { Audience } from "../audience/audience.ts";
import { PlayingPrograms } from "../audience/playing_programs.ts";
import type { Clock } from "../clock.ts";
import { Mp3Encoder } from "../consumers/sound/mp3_encoder.ts";
import { ProgramSound, type SoundSource } from "../consumers/sound/program_sound.ts";
import type { ProgramPlayback } from "../http/route_parts.ts";
import type { Logger } from "../log/log.ts";
import { askFfmpeg } from "../producers/ffmpeg/devices.ts";
import { currentSystem } from "../producers/ffmpeg/source.ts";

/** What {@linkcode createProgramPlayback} builds on. */
export interface ProgramPlaybackOptions {
  /** Where the sound comes from. */
  readonly sound: Pick<ProgramPlayback, "state"> & { readonly stream: SoundSource };
  /** Says whether it is on air. */
  readonly channel: { readonly onAir: boolean };
  /** Whose seats programs take. */
  readonly audience: Audience;
  /** The ffmpeg that encodes MP3. */
  readonly ffmpeg: string;
  /** Receives what happens. */
  readonly log: Logger;
  /** The time. */
  readonly clock: Clock;
}

/** Builds what programs hear, and who they are. */
export function createProgramPlayback(
  options: ProgramPlaybackOptions,
): ProgramPlayback & AsyncDisposable {
  const { channel, audience, ffmpeg: program, log, clock } = options;
  const { stream, state } = options.sound;
  const sound = new ProgramSound({ stream, isOnAir: () => channel.onAir, clock });
  // Pictures go on off air, and players that wait for their sound would stop.
  const unbroken = new ProgramSound({ stream, isOnAir: () => true, clock });
  const encoders = async () => {
    const ffmpeg = { program, system: currentSystem(), log };
    return (await askFfmpeg(ffmpeg, ["-encoders"])).text;
  };
  const mp3 = new Mp3Encoder({ program, encoders, sound, log });
  const unbrokenMp3 = new Mp3Encoder({ program, encoders, sound: unbroken, log });
  return {
    state,
    ...{ sound, mp3, unbroken, unbrokenMp3 },
    programs: new PlayingPrograms({ seats: audience.seats, kicks: audience.kicks, log }),
    async [Symbol.asyncDispose]() {
      for (const encoder of [mp3, unbrokenMp3]) await encoder[Symbol.asyncDispose]();
    },
  };
}
