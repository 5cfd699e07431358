import type { Emitter } from "../events.ts";
import type { SoundPacket } from "../media/packet.ts";

/** A frame of the past. Its bytes may have been made smaller, or be gone by the time they are read. */
export interface PastFrame {
  /** Counts up by 1 over everything that was ever kept. */
  readonly index: number;
  /** Wall time when it was captured, milliseconds since the Unix epoch. */
  readonly at: number;
}

/** From the oldest frame to the newest, as wall times. Milliseconds since the Unix epoch. */
export interface Span {
  /** When the oldest frame was captured. */
  readonly from: number;
  /** When the newest frame was captured. */
  readonly to: number;
}

/** Events of a {@linkcode Past}. */
export interface PastEvents {
  /** Everything was forgotten: the streamer switched rewind off. */
  readonly clear: null;
  /** What viewers are promised has changed: see `Rewind` in live_messages.ts. */
  readonly change: null;
}

/** Frames and sound that are readable, whatever happens to the ring that they come from. */
export interface HeldPast {
  /** The frames, oldest first. */
  readonly frames: readonly PastFrame[];
  /** The sound, oldest first. */
  readonly sound: readonly SoundPacket[];
  /** Returns the JPEG of one of these frames; `null` if it cannot be read any more. */
  read(frame: PastFrame): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Lets go of everything. */
  release(): void;
}

/** What the ring keeps of a stream, for those who read it. */
export interface Past {
  /** Tells readers what happens to it. */
  readonly events: Pick<Emitter<PastEvents>, "on">;
  /** What is kept now; `null` while nothing is. There may be gaps in it: nothing is kept off air. */
  readonly span: Span | null;
  /** Returns the newest frame captured at that wall time or before, else the oldest one; `null` while there is none. */
  frameAt(at: number): PastFrame | null;
  /** Returns the frame after that one; `null` if it is the newest. If that one is gone, this is the oldest. */
  after(frame: PastFrame): PastFrame | null;
  /** Returns the frame before that one; `null` if there is none any more. */
  before(frame: PastFrame): PastFrame | null;
  /** Returns a frame's JPEG; `null` if it is gone. Never rejects. */
  read(frame: PastFrame): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Returns the packets of sound whose first sample is at or after `from` and before `to`, as wall times. */
  sound(from: number, to: number): readonly SoundPacket[];
  /** Whether there is memory to hold more: what is held, but forgotten, takes little of it. */
  readonly canHold: boolean;
  /** Keeps what lies between two wall times readable until it is released, even if the ring forgets it. */
  hold(from: number, to: number): HeldPast;
}
