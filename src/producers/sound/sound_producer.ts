import { UserError } from "../../errors.ts";
import type { Emitter } from "../../events.ts";
import type { SoundLevel } from "../../live_messages.ts";
import type { SoundPacket } from "../../media/packet.ts";
import type { Producer } from "../producer.ts";
import type { SourceChoice } from "../source_choices.ts";

/** How the source of sound is doing. */
export interface SoundStatus {
  /** `off`: none was chosen; `on`: it gives sound; `waiting`: it gives none, or is not wanted. */
  readonly state: "off" | "on" | "waiting";
  /** Its name for the streamer: `Built-in Audio (default)`; empty for none. */
  readonly name: string;
  /** Why it gives no sound, and what to do; `null` while it gives some or is not wanted. */
  readonly reason: string | null;
  /** Whether it is open now: the microphone records. A device is from the start of its ffmpeg. */
  readonly isOpen: boolean;
}

/** Events of {@linkcode SoundProducer}. */
export interface SoundProducerEvents {
  /** The status changed. */
  readonly status: SoundStatus;
  /** How loud it is, about ten times a second while it is open. */
  readonly level: SoundLevel;
}

/** There is no such source of sound among those that are listed. */
export class UnlistedSoundError extends UserError {}

/** Keeps one source of sound open, and yields its packets. */
export interface SoundProducer extends Producer<SoundPacket> {
  /** Changes of the status, and levels. */
  readonly events: Emitter<SoundProducerEvents>;
  /** How it is doing. */
  readonly status: SoundStatus;
  /** Identifies the current source, as {@linkcode switchTo} takes it, without revealing an address. */
  readonly source: string;
  /** Whether somebody wants the sound. The source is open only while it is set; at first it is not. */
  isWanted: boolean;
  /** Amplification in decibels, -20..20. A change interrupts the sound for less than a second. */
  gain: number;
  /** Lists what {@linkcode switchTo} accepts: `off`, `auto`, the connected devices, the source of the start. */
  sources(): Promise<readonly SourceChoice[]>;
  /**
   * Changes the source. A later call wins, also over one that is still looking for its device; `off`, `auto` and
   * the source of the start take effect at once.
   *
   * @param choice As {@linkcode sources} lists it.
   * @throws {UnlistedSoundError} There is no such source, and the old one continues.
   * @throws {UserError} ffmpeg cannot be started, or the program is ending.
   */
  switchTo(choice: string): Promise<void>;
  /** Packets that were dropped because the reader was late. */
  readonly dropped: number;
  /** How often the source was opened again after a failure. */
  readonly restarts: number;
}
