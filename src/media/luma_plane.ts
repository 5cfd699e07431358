/** The brightness of a frame at one eighth of its size: one sample, 0..255, for each 8x8 block. */
export interface LumaPlane {
  /** Samples in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** `width * height` samples, row by row. */
  readonly data: Uint8Array<ArrayBuffer>;
}
