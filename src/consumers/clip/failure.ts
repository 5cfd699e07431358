/**
 * Why a clip could not be made: ffmpeg has no encoder for it, cannot be started, failed, or did not answer;
 * the frames are gone; it became too large; it was cancelled.
 */
export type ClipFailureCode =
  | "no-encoder"
  | "no-ffmpeg"
  | "failed"
  | "hung"
  | "gone"
  | "too-large"
  | "cancelled";

/** A clip could not be made. */
export class ClipFailure extends Error {
  /** Always `ClipFailure`. */
  override readonly name = "ClipFailure";
  /** Why. */
  readonly code: ClipFailureCode;

  /**
   * Creates a failure.
   *
   * @param detail For the log: ffmpeg's last words.
   */
  constructor(code: ClipFailureCode, detail = "") {
    super(detail ? `${code}: ${detail}` : code);
    this.code = code;
  }
}
