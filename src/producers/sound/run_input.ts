import { diagnoseSound, lacksEncoder, type SoundNaming } from "./sound_diagnosis.ts";
import type { SoundFailure, SoundInput, SoundListener, SoundSetup } from "./sound_input.ts";
import { SoundRun, type SoundRunEnd } from "./sound_run.ts";
import { ENCODERS, type SoundEncoder } from "./sound_ways.ts";

/** What a source can be opened with. */
export interface SoundOpening extends SoundNaming {
  /** The arguments of ffmpeg's input, the likeliest first. */
  readonly inputs: readonly (readonly string[])[];
}

/** Options of {@linkcode RunInput}. */
export interface RunInputOptions {
  /** Runs ffmpeg. */
  readonly setup: SoundSetup;
  /** Takes packets and levels. */
  readonly listener: SoundListener;
  /** Finds out how to open the source, or why that is not possible. Never rejects. */
  readonly find: () => Promise<SoundOpening | SoundFailure>;
}

/** Opens a live source by one ffmpeg after another, until one gives sound. */
export class RunInput implements SoundInput {
  readonly ended: Promise<SoundFailure>;
  readonly #options: RunInputOptions;
  #run: SoundRun | null = null;
  #isStopped = false;

  /** Opens the source. */
  constructor(options: RunInputOptions) {
    this.#options = options;
    this.ended = this.#open();
  }

  stop(): void {
    this.#isStopped = true;
    this.#run?.stop();
  }

  async #open(): Promise<SoundFailure> {
    const opening = await this.#options.find();
    if ("reason" in opening) return opening;
    let failure: SoundFailure = { kind: "ended", reason: "The sound was closed" };
    for (const input of opening.inputs) {
      for (const encoder of ENCODERS) {
        if (this.#isStopped) return failure;
        const end = await this.#tryOnce(input, encoder);
        failure = diagnoseSound(opening, end, this.#options.setup.ffmpeg.system);
        if (end.hadPackets || end.startFailure !== null || end.stalled) return failure;
        if (!lacksEncoder(end)) break;
      }
    }
    return failure;
  }

  async #tryOnce(
    input: readonly string[],
    encoder: SoundEncoder,
  ): Promise<SoundRunEnd> {
    this.#run = new SoundRun({ ...this.#options, input, encoder });
    return await this.#run.ended;
  }
}
