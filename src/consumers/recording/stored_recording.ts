/** A recording in the folder. */
export interface StoredRecording {
  /** The name of its file. */
  readonly name: string;
  /** Its size. */
  readonly bytes: number;
  /** Milliseconds; `null` if it is not finished. */
  readonly duration: number | null;
  /** Wall time when its file was last changed. */
  readonly changedAt: number;
}
