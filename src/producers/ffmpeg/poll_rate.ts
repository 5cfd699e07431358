import type { Source } from "./source.ts";

/** Polls a second, unless the streamer sets a rate. Low, because each poll starts ffmpeg. */
const DEFAULT_POLLS_PER_SECOND = 2;
/** The longest interval between polls of a picture that does not change. Milliseconds. */
const MAX_IDLE_MS = 2_000;

/** How often a source of single pictures is polled. */
export interface PollRate {
  /** From the start of a poll to the start of the next. Milliseconds. */
  readonly intervalMs: number;
  /** The longest that the interval grows to while the picture does not change. Milliseconds. */
  readonly maxIntervalMs: number;
}

/**
 * Returns how often to poll: `fps` times a second if the streamer set it and the source is an address;
 * else at most twice a second, and less often while nothing changes.
 */
export function pollRate({ kind }: Source, fps: number, isFpsGiven: boolean): PollRate {
  if (isFpsGiven && kind === "url") return { intervalMs: 1_000 / fps, maxIntervalMs: 1_000 / fps };
  const intervalMs = 1_000 / Math.min(fps, DEFAULT_POLLS_PER_SECOND);
  return { intervalMs, maxIntervalMs: Math.max(intervalMs, MAX_IDLE_MS) };
}
