/** A text for two kinds of readers. */
export interface Wording {
  /** Says what kind of source it is, and nothing that tells one from another. */
  readonly forAnyone: string;
  /** Names the source; for the studio, the log and the terminal. */
  readonly forStreamer: string;
}
