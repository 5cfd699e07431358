import type { LogLevel } from "../log/log.ts";
import type { Delivery } from "../live_messages.ts";

/** What is counted anyway, and is read at each scrape. Counts only rise. */
export interface MetricSources {
  readonly capture: {
    readonly state: { readonly live: boolean };
    readonly stats: Readonly<
      Record<"frames" | "damaged" | "oversized" | "restarts" | "failures", number>
    >;
  };
  readonly turner: { readonly stats: Readonly<Record<"superseded" | "corrupt", number>> };
  readonly pool: {
    readonly stats: Readonly<
      Record<
        "renditions" | "superseded" | "skipped" | "late" | "corrupt" | "repaired" | "replaced",
        number
      >
    >;
    /** Threads that are there. */
    readonly running: number;
  };
  readonly registry: {
    readonly viewers: Iterable<{ readonly delivery: Delivery }>;
    /** Of everyone since the start. */
    readonly totals: Readonly<Record<"frames" | "bytes" | "dropped" | "changes", number>>;
    /** Viewers who were dropped because they read nothing. */
    readonly stalled: number;
  };
  /** People who watch. */
  readonly people: () => number;
  readonly live: {
    /** Connections. */
    readonly count: number;
    /** Messages that could not be answered, by a fault of ours. */
    readonly failures: number;
  };
  readonly channel: { readonly onAir: boolean };
  readonly chat: {
    /** Messages that were taken since the start. */
    readonly posted: number;
  };
  readonly donations: {
    /** Donations ever. */
    readonly count: number;
  };
  readonly store: {
    /** Why things cannot be kept at present; `null` while they can. */
    readonly failing: string | null;
    readonly failures: number;
  };
  /** Answers to requests so far, by their status. */
  readonly responses: ReadonlyMap<number, number>;
  /** Lines that were logged, by their level. */
  readonly logged: Readonly<Record<LogLevel, number>>;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
}
