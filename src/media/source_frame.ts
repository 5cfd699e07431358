import { type Frame, frameOf } from "./packet.ts";

/** A frame of the source, or a card in its place. */
export interface SourceFrame extends Frame {
  /** Whether it is a card, which is drawn upright at its final size. */
  readonly isCard: boolean;
}

/** Marks a JPEG as a frame of the source, or as a card. See {@linkcode frameOf}. */
export function sourceFrameOf(
  data: Uint8Array<ArrayBuffer>,
  sequence: number,
  at: number,
  isCard: boolean,
  due?: number,
): SourceFrame {
  return { ...frameOf(data, sequence, at, due), isCard };
}
