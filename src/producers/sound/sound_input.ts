import type { Clock } from "../../clock.ts";
import type { SoundLevel } from "../../live_messages.ts";
import type { Ffmpeg } from "../ffmpeg/setup.ts";

/** An Opus packet and when its sound was captured. */
export interface TimedPacket {
  /** The encoded bytes. */
  readonly data: Uint8Array<ArrayBuffer>;
  /** How long it plays. Milliseconds. */
  readonly duration: number;
  /** Wall time of its first sample, milliseconds since the Unix epoch. */
  readonly at: number;
}

/** What every input is opened with. */
export interface SoundSetup {
  /** Captures and encodes. */
  readonly ffmpeg: Ffmpeg;
  /** Bits a second of the Opus encoder. */
  readonly bitRate: number;
  /** Amplification in decibels. */
  readonly gain: number;
  /** Stamps packets. */
  readonly clock: Clock;
}

/** Takes what an input gives. */
export interface SoundListener {
  /** Takes a packet. */
  readonly onPacket: (packet: TimedPacket) => void;
  /** Takes how loud it is, about ten times a second. */
  readonly onLevel: (level: SoundLevel) => void;
}

/** Why a source gives no sound. */
export interface SoundFailure {
  /**
   * Decides when it is tried again: soon if it is `missing` or `ended`, as it may be back at any moment; at
   * growing intervals if it was `refused`.
   */
  readonly kind: "missing" | "ended" | "refused";
  /** What is wrong and what to do. Names the source as the streamer may see it, and quotes no secret. */
  readonly reason: string;
}

/** One opening of a source of sound: it is never opened again after its end. */
export interface SoundInput {
  /** Settles with why it ended, once nothing of it runs any more. Never rejects. */
  readonly ended: Promise<SoundFailure>;
  /** Ends it; no packet follows, and `ended` settles soon. */
  stop(): void;
}
