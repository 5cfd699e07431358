import type { Audience } from "../audience/audience.ts";
import { ListeningPrograms } from "../audience/listening_programs.ts";
import type { Clock } from "../clock.ts";
import { Mp3Encoder } from "../consumers/sound/mp3_encoder.ts";
import { ProgramSound, type SoundSource } from "../consumers/sound/program_sound.ts";
import type { ProgramListening } from "../http/route_parts.ts";
import type { Logger } from "../log/log.ts";
import { askFfmpeg } from "../producers/ffmpeg/devices.ts";
import { currentSystem } from "../producers/ffmpeg/source.ts";

/** What {@linkcode createProgramListening} builds on. */
export interface ProgramListeningOptions {
  /** Where the sound comes from. */
  readonly sound: Pick<ProgramListening, "state"> & { readonly stream: SoundSource };
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
export function createProgramListening(options: ProgramListeningOptions): ProgramListening {
  const { channel, audience, ffmpeg: program, log, clock } = options;
  const { stream, state } = options.sound;
  const sound = new ProgramSound({ stream, isOnAir: () => channel.onAir, clock });
  const encoders = async () => {
    const ffmpeg = { program, system: currentSystem(), log };
    return (await askFfmpeg(ffmpeg, ["-encoders"])).text;
  };
  return {
    state,
    sound,
    programs: new ListeningPrograms({ seats: audience.seats, kicks: audience.kicks, log }),
    mp3: new Mp3Encoder({ program, encoders, sound, log }),
  };
}
