import { PRE_SKIP } from "../../media/ogg/writer.ts";
import { OPUS_RATE } from "../../media/opus.ts";
import type { SoundFormat } from "./sound_format.ts";

/** The most packets that are remembered: more than a second, after which an ffmpeg has hung. */
const MAX_PACKETS = 100;

const SAMPLES_OF_MS = OPUS_RATE / 1_000;

/** A packet that went into the encoder. */
interface Input {
  /** The position of its first sample. */
  readonly position: number;
  /** Wall time of that sample. */
  readonly at: number;
}

/** Works out when the sound of each encoded frame was captured, from the packets that went into the encoder. */
export class EncoderTimes {
  readonly #frame: number;
  #inputs: Input[] = [];
  #end = 0;
  /** The position of the next frame: its first sample, as it comes out of a decoder. */
  #next: number;

  /** Begins before the first packet. */
  constructor({ frame, delay }: Pick<SoundFormat, "frame" | "delay">) {
    this.#frame = frame;
    this.#next = PRE_SKIP - delay;
  }

  /** Takes the next packet: its wall time in milliseconds, and its length in samples. */
  add(at: number, samples: number): void {
    this.#inputs.push({ position: this.#end, at });
    if (this.#inputs.length > MAX_PACKETS) this.#inputs.shift();
    this.#end += samples;
  }

  /** Returns the wall time of the next frame; 0 for one that no packet went into. */
  next(): number {
    const position = this.#next;
    this.#next += this.#frame;
    const index = this.#inputs.findLastIndex((input) => input.position <= position);
    this.#inputs.splice(0, index);
    const first = this.#inputs.at(0);
    if (!first) return 0;
    return first.at + (position - first.position) / SAMPLES_OF_MS;
  }
}
