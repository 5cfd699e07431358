import type { SourceReason } from "../../live_messages.ts";

/** Why a source has no frames. */
export interface Reason {
  /** What viewers may know. */
  readonly code: SourceReason;
  /** What is wrong and what to do, with the source's name: for the studio, the log and the terminal. */
  readonly forStreamer: string;
}
