/** A text in two versions. */
export interface Wording {
  /** Contains the kind of source, and nothing that identifies it. */
  readonly forAnyone: string;
  /** Names the source, for the studio, the log and the terminal. */
  readonly forStreamer: string;
}
