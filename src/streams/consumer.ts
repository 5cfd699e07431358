import type { Part } from "../media/multipart.ts";
import type { Rendition } from "../media/rendition.ts";

/** Takes parts of a stream's frames: a session, a snapshot. */
export interface Consumer {
  /** Whether its rendition depends on motion, so that motion has to be measured. */
  readonly followsMotion: boolean;
  /** The address whose bounded share it uses; `null` for the program itself, which has no bound. */
  readonly origin: string | null;
  /**
   * Decides what to take of the frame that is there now; `null` to skip it. The stream calls this
   * once each time it sends a frame.
   */
  decide(): Rendition | null;
  /** Takes a part of that frame, or of an older one that took long to make. */
  deliver(part: Part): void;
}
