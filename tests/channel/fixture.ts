import assert from "node:assert/strict";
import { type Community, createCommunity } from "../../src/channel/community.ts";
import type { Clock } from "../../src/clock.ts";
import type { Outcome, Refusal } from "../../src/channel/refusal.ts";
import { openStore, type Store } from "../../src/store/open.ts";
import { type RecordingLog, recordingLog } from "../support/recording_log.ts";

/** A community in memory whose clock stands still until a test advances it. */
export interface Fixture extends Community, Disposable {
  readonly store: Store;
  readonly log: RecordingLog;
  /** Advances both times, in milliseconds; wall time starts at 1,000,000. */
  advance(milliseconds: number): void;
  /** Sets wall time alone, as people and time servers do. */
  setClock(wall: number): void;
  /** Posts a message that must be accepted; returns its id. */
  say(viewer: string, text: string): number;
}

export function createFixture(path = ":memory:"): Fixture {
  let wall = 1_000_000;
  let monotonic = 0;
  let keys = 0;
  const log = recordingLog();
  const clock: Clock = { wall: () => wall, monotonic: () => monotonic };
  const store = openStore(path, { clock });
  const community = createCommunity({ store, log, clock });
  return {
    ...community,
    store,
    log,
    advance(milliseconds) {
      wall += milliseconds;
      monotonic += milliseconds;
    },
    setClock(time) {
      wall = time;
    },
    say(viewer, text) {
      monotonic += 2_000;
      const key = `said ${keys++} ${crypto.randomUUID()}`;
      return done(community.chat.post({ viewer, key, text, name: viewer })).message.id;
    },
    [Symbol.dispose]: () => store.close(),
  };
}

/** Returns an outcome that must not be a refusal. */
export function done<T extends object>(outcome: Outcome<T>): T {
  assert(!("refused" in outcome), JSON.stringify(outcome));
  return outcome;
}

/** Returns why something was refused, as it must have been. */
export function refusalOf(outcome: Outcome<object>): Refusal {
  assert("refused" in outcome, JSON.stringify(outcome));
  return outcome.refused;
}
