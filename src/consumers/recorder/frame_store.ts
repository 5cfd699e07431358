/** Where a {@linkcode FrameStore} keeps one frame. */
export interface StoredFrame {
  /** Whether the frame is in memory as it came, so that a smaller one can take its place. */
  readonly isWhole: boolean;
  /** Returns the JPEG; `null` if it cannot be read. Never rejects. */
  read(): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Keeps the JPEG readable, even if the frame is freed, until it is released. */
  hold(): HeldFrame;
  /** Keeps this smaller JPEG instead; `null`: there is none, so the frame stays as it is. */
  shrink(jpeg: Uint8Array<ArrayBuffer> | null): void;
  /** Forgets the frame. */
  free(): void;
}

/** A frame that stays readable. */
export interface HeldFrame extends Pick<StoredFrame, "read"> {
  /** Lets go of it. */
  release(): void;
}

/**
 * Why a frame cannot be kept: `full` until the oldest one is freed; `blocked` for a reason that this would not
 * change, so this frame is skipped.
 */
export type Refusal = "full" | "blocked";

/** Keeps the bytes of frames, up to a bound. Knows nothing of their times; they are freed in their order. */
export interface FrameStore extends AsyncDisposable {
  /** Bytes that are taken. */
  readonly bytes: number;
  /** How many there may be. */
  readonly maxBytes: number;
  /** Bytes in memory that are no longer counted above, but still held. */
  readonly heldBytes: number;
  /** Keeps a frame, or says why it cannot. */
  add(jpeg: Uint8Array<ArrayBuffer>): StoredFrame | Refusal;
  /** Counts sound in memory, or no longer if negative. Returns `false` if the oldest frame has to be freed first. */
  reserve(bytes: number): boolean;
}
