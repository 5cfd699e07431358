import type { Logger } from "../../log/log.ts";
import type { Mode, System } from "./source.ts";

/** The ffmpeg of this machine, passed to every part that runs it. */
export interface Ffmpeg {
  /** The program's path or name. */
  readonly program: string;
  /** Decides which devices there are and how they are opened. */
  readonly system: System;
  /** Receives what goes wrong, and ffmpeg's own lines at level `debug`. */
  readonly log: Logger;
}

/** What the streamer asks of a source. */
export interface WantedMode extends Mode {
  /** Whether the streamer set `fps`, rather than leaving the default. */
  readonly isFpsGiven: boolean;
}
