import type { Explanation } from "../live_messages.ts";
import { type ErrorCode, explain } from "./explanation.ts";
import { StoreError } from "./store.ts";

/** Why something was not done. */
export interface Refusal extends Explanation {
  /** Milliseconds until it may be tried again; absent if trying again does not help. */
  readonly retryAfter?: number;
  /** Whether the store failed, rather than the person not being allowed to. */
  readonly storeFailed?: boolean;
}

/** An {@linkcode Outcome} that is not a success. */
export interface Refused {
  /** Why it was not done. */
  readonly refused: Refusal;
}

/** The result of something that may be refused; `"refused" in outcome` distinguishes them. */
export type Outcome<T> = T | Refused;

/** When to try again what the store failed to do. Milliseconds. */
const RETRY_MS = 5_000;

/**
 * Makes a refusal.
 *
 * @param code The text's key in static/texts, without `error.`.
 * @param values What to fill into it.
 * @param retryAfter Milliseconds until it may be tried again; none if that does not help.
 */
export function refuse(
  code: ErrorCode,
  values: Explanation["values"] = {},
  retryAfter?: number,
): Refused {
  const explanation = explain(code, values);
  return { refused: retryAfter === undefined ? explanation : { ...explanation, retryAfter } };
}

/** Runs an action that needs the store; a failure of the store becomes a refusal. */
export function attempt<T extends object>(action: () => T): Outcome<T> {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const failure = { reason: error.message, code: "store", values: {} };
    return { refused: { ...failure, retryAfter: RETRY_MS, storeFailed: true } };
  }
}

/** Does as {@linkcode attempt} for an action without a result: `null`, or why it was not done. */
export function refusalOf(action: () => void): Refused | null {
  const outcome = attempt(() => {
    action();
    return {};
  });
  return "refused" in outcome ? outcome : null;
}

/**
 * Applies a change that is in force whether or not it can be stored.
 *
 * @returns `null`, or why a restart will undo it.
 */
export function keepUntilEnd(store: () => void): string | null {
  const failed = refusalOf(store);
  return failed && `In force only until the server ends: ${failed.refused.reason}`;
}

/** Refuses an author who is muted until then, as wall time; `null` for ever. */
export function refuseMuted(until: number | null, now: number): Refused {
  if (until === null) return refuse("banned");
  return refuse("muted", { wait: duration(until - now) }, until - now);
}

/** Returns a waiting time in words: `1 s`, `90 s`, `5 min`, `3 h`. Rounds up, so that it suffices. */
export function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}
