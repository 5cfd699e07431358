import { StoreError } from "./store.ts";

/** Why something was not done, in words for the person who asked for it. */
export interface Refusal {
  readonly reason: string;
  /** Milliseconds after which it may be tried again; absent if that is of no use. */
  readonly retryAfter?: number;
  /** Whether it is the store that could not, and not the person who may not. */
  readonly unkept?: boolean;
}

export interface Refused {
  readonly refused: Refusal;
}

/** What came of something that may be refused: `"refused" in outcome` tells. */
export type Outcome<T> = T | Refused;

/** How soon to try again what could not be kept. Milliseconds. */
const RETRY_MS = 5_000;

export function refuse(reason: string, retryAfter?: number): Refused {
  return { refused: retryAfter === undefined ? { reason } : { reason, retryAfter } };
}

/** Does what needs the store; where the store cannot, that is refused and may be tried again. */
export function attempt<T extends object>(action: () => T): Outcome<T> {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { refused: { reason: error.message, retryAfter: RETRY_MS, unkept: true } };
  }
}

/** The same for what gives nothing: `null`, or why it was not done. */
export function refusalOf(action: () => void): Refused | null {
  const outcome = attempt(() => {
    action();
    return {};
  });
  return "refused" in outcome ? outcome : null;
}

/** For who is silenced until a time, `null` for ever; both in Unix milliseconds. */
export function refuseMuted(until: number | null, now: number): Refused {
  if (until === null) return refuse("The streamer banned you from this channel");
  return refuse(`The streamer silenced you for ${duration(until - now)} more`, until - now);
}

/** A time to wait in words: `1 s`, `90 s`, `5 min`, `3 h`. Rounded up, so that it is enough. */
export function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}
