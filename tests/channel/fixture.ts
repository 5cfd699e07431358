import assert from "node:assert/strict";
import { type Community, createCommunity } from "../../src/channel/community.ts";
import type { Outcome } from "../../src/channel/refusal.ts";
import { openStore, type Store } from "../../src/store/open.ts";
import { type RecordingLog, recordingLog } from "../support/recording_log.ts";

/** A community in memory whose time stands still until it is told otherwise. */
export interface Fixture extends Community, Disposable {
  readonly store: Store;
  readonly log: RecordingLog;
  /** Both clocks, in milliseconds; the Unix one starts at 1,000,000. */
  advance(milliseconds: number): void;
  /** Sets the Unix clock alone, as people and time servers do. */
  setClock(unix: number): void;
  /** Says something that must be taken. */
  say(viewer: string, text: string): number;
}

export function createFixture(path = ":memory:"): Fixture {
  let unix = 1_000_000;
  let monotonic = 0;
  let keys = 0;
  const log = recordingLog();
  const store = openStore(path, { now: () => unix });
  const community = createCommunity({ store, log, now: () => unix, monotonic: () => monotonic });
  return {
    ...community,
    store,
    log,
    advance(milliseconds) {
      unix += milliseconds;
      monotonic += milliseconds;
    },
    setClock(time) {
      unix = time;
    },
    say(viewer, text) {
      monotonic += 2_000;
      const key = `said ${keys++} ${crypto.randomUUID()}`;
      return done(community.chat.post({ viewer, key, text, name: viewer })).message.id;
    },
    [Symbol.dispose]: () => store.close(),
  };
}

/** What came of it, which must not have been refused. */
export function done<T extends object>(outcome: Outcome<T>): T {
  assert(!("refused" in outcome), JSON.stringify(outcome));
  return outcome;
}

/** Why it was refused, which it must have been. */
export function refusalOf(outcome: Outcome<object>): { reason: string; retryAfter?: number } {
  assert("refused" in outcome, JSON.stringify(outcome));
  return outcome.refused;
}
