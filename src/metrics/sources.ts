import type { LogLevel } from "../log/log.ts";
import type { Delivery, Hearing, PublicationState } from "../live_messages.ts";

/** What the parts count anyway, to be read at each scrape. Counts only rise. */
export interface MetricSources {
  /** The source. */
  readonly capture: {
    readonly state: { readonly live: boolean };
    readonly stats: Readonly<
      Record<"frames" | "damaged" | "oversized" | "superseded" | "restarts" | "failures", number>
    >;
  };
  /** What turns frames. */
  readonly turner: { readonly stats: Readonly<Record<"superseded" | "corrupt", number>> };
  /** What encodes other qualities. */
  readonly pool: {
    readonly stats: Readonly<
      Record<
        "renditions" | "superseded" | "skipped" | "late" | "corrupt" | "repaired" | "replaced",
        number
      >
    >;
    /** The number of threads that run. */
    readonly running: number;
  };
  /** What encodes H.264. */
  readonly video: {
    /** The number of encoders that run. */
    readonly running: number;
    /** The sums over all of them since the start. */
    readonly totals: Readonly<Record<"encoded" | "dropped" | "failures", number>>;
  };
  /** The sessions. */
  readonly audience: {
    /** The open ones. */
    readonly viewers: Iterable<{ readonly delivery: Delivery }>;
    /** The sums over all sessions since the start; `stalled`: those whose client read nothing. */
    readonly totals: Readonly<
      Record<"frames" | "bytes" | "dropped" | "changes" | "stalled", number>
    >;
  };
  /** The programs that play sound or video. */
  readonly programs: {
    /** Returns how many there are that play this. */
    readonly countOf: (playback: "sound" | "video") => number;
    /** The number of those that were cut off since the start. */
    readonly cut: number;
  };
  /** The source of sound. */
  readonly microphone: { readonly dropped: number; readonly restarts: number };
  /** What those who listen are given. */
  readonly sound: { readonly listeners: number; readonly packets: number };
  /** The pages that listen. */
  readonly pageSound: {
    /** How each of them hears. */
    readonly hearings: Iterable<Hearing>;
    /** The sums over all of them since the start. */
    readonly totals: Readonly<Record<"dropped" | "gaps", number>>;
  };
  /** The targets that the program is published to. */
  readonly publications: {
    /** Returns how many there are in each state. */
    readonly count: () => Readonly<Record<PublicationState, number>>;
  };
  /** What is kept of the program: bytes, and how many seconds viewers can go back. */
  readonly past: { readonly bytes: number; readonly seconds: number };
  /** Returns the number of viewers. */
  readonly people: () => number;
  /** The page sockets. */
  readonly pageSockets: {
    /** The number of open ones. */
    readonly count: number;
    /** The number of messages that the server failed to answer. */
    readonly failures: number;
  };
  /** What the streamer runs. */
  readonly channel: { readonly onAir: boolean };
  /** The chat. */
  readonly chat: {
    /** The number of messages posted since the start. */
    readonly posted: number;
  };
  /** What viewers send with one tap. */
  readonly reactions: {
    /** The number of reactions since the start. */
    readonly total: number;
  };
  /** The donations. */
  readonly donations: {
    /** The number of donations of all time. */
    readonly count: number;
  };
  /** What stores chat and donations. */
  readonly store: {
    /** Why it fails to write at present; `null` while it works. */
    readonly failing: string | null;
    /** The number of failures since the start. */
    readonly failures: number;
  };
  /** The number of HTTP responses so far, by status. */
  readonly responses: ReadonlyMap<number, number>;
  /** The number of log messages, by level. */
  readonly logged: Readonly<Record<LogLevel, number>>;
  /** Wall time of the start, milliseconds. */
  readonly startedAt: number;
}
