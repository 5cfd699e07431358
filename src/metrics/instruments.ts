import process from "node:process";
import config from "../../deno.json" with { type: "json" };
import { LOG_LEVELS } from "../log/log.ts";
import type { MetricSources } from "./sources.ts";
import { groupViewers } from "./viewer_groups.ts";

/** A value, and what tells it from others of the same name. No viewer can be told by it. */
export interface Reading {
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
}

/** What is read at each scrape. */
export interface Instrument {
  /** By https://prometheus.io/docs/practices/naming/, with unit and `_total`. */
  readonly name: string;
  readonly help: string;
  readonly kind: "counter" | "gauge";
  readonly read: (sources: MetricSources) => readonly Reading[];
}

/** What is measured as it happens, in seconds. */
export interface HistogramDefinition {
  readonly name: string;
  readonly help: string;
  /** Upper bounds of the buckets, seconds. */
  readonly bounds: readonly number[];
}

export const ENCODING: HistogramDefinition = {
  name: "livestream_encode_seconds",
  help: "Time that a thread took to decode a frame and to make all its wanted renditions",
  bounds: [0.001, 0.0025, 0.005, 0.01, 0.02, 0.035, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
};

export const DELAY: HistogramDefinition = {
  name: "livestream_delay_seconds",
  help: "Time from the camera to a viewer, of each viewer once a second",
  bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10],
};

export const LAG: HistogramDefinition = {
  name: "livestream_event_loop_lag_seconds",
  help: "How late a timer was, ten times a second: what all else that is due waits too",
  bounds: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
};

function counter(
  name: string,
  help: string,
  read: (sources: MetricSources) => number | readonly Reading[],
): Instrument {
  return { name, help, kind: "counter", read: (sources) => readings(read(sources)) };
}

function gauge(
  name: string,
  help: string,
  read: (sources: MetricSources) => number | boolean | readonly Reading[],
): Instrument {
  return { name, help, kind: "gauge", read: (sources) => readings(read(sources)) };
}

function readings(read: number | boolean | readonly Reading[]): readonly Reading[] {
  return typeof read === "object" ? read : [{ value: Number(read) }];
}

/** In the order of a frame's way, then what is around it. */
export const INSTRUMENTS: readonly Instrument[] = [
  gauge(
    "livestream_camera_up",
    "Whether the source gives pictures",
    ({ capture }) => capture.state.live,
  ),
  gauge(
    "livestream_standby",
    "Whether viewers see a standby picture because the source gives none",
    ({ capture, channel }) => channel.onAir && !capture.state.live,
  ),
  gauge("livestream_on_air", "Whether the streamer is on air", ({ channel }) => channel.onAir),
  counter(
    "livestream_frames_total",
    "Frames that the source gave",
    ({ capture }) => capture.stats.frames,
  ),
  counter("livestream_dropped_frames_total", "Frames dropped, by stage and reason", droppedFrames),
  counter(
    "livestream_ffmpeg_restarts_total",
    "How often ffmpeg was started again",
    ({ capture }) => capture.stats.restarts,
  ),
  counter(
    "livestream_renditions_total",
    "Pictures made in other qualities",
    ({ pool }) => pool.stats.renditions,
  ),
  counter(
    "livestream_repaired_frames_total",
    "Damaged frames that were shown in other qualities as far as they arrived",
    ({ pool }) => pool.stats.repaired,
  ),
  gauge("livestream_threads", "Threads that make other qualities", ({ pool }) => pool.running),
  gauge(
    "livestream_viewers",
    "Streams that are open, by the quality given, to the nearest ten, and what decides it",
    ({ registry }) =>
      groupViewers(registry.viewers).map(({ viewers, ...labels }) => ({ value: viewers, labels })),
  ),
  gauge("livestream_people", "People who watch", ({ people }) => people()),
  counter(
    "livestream_sent_frames_total",
    "Frames sent to viewers",
    ({ registry }) => registry.totals.frames,
  ),
  counter(
    "livestream_sent_bytes_total",
    "Bytes of streams sent to viewers",
    ({ registry }) => registry.totals.bytes,
  ),
  counter(
    "livestream_rendition_changes_total",
    "How often a link or the uplink changed what a viewer is given",
    ({ registry }) => registry.totals.changes,
  ),
  counter(
    "livestream_stalled_viewers_total",
    "Viewers dropped because they read nothing",
    ({ registry }) => registry.stalled,
  ),
  gauge("livestream_live_sockets", "WebSocket connections", ({ live }) => live.count),
  counter(
    "livestream_chat_messages_total",
    "Chat messages taken since the start",
    ({ chat }) => chat.posted,
  ),
  counter("livestream_donations_total", "Donations ever", ({ donations }) => donations.count),
  gauge(
    "livestream_store_failing",
    "Whether chat and donations cannot be kept",
    ({ store }) => store.failing !== null,
  ),
  counter(
    "livestream_http_responses_total",
    "Answers to requests, by status",
    ({ responses }) =>
      [...responses].map(([status, value]) => ({ value, labels: { code: String(status) } })),
  ),
  counter("livestream_errors_total", "What went wrong, by part", errors),
  counter(
    "livestream_log_lines_total",
    "Lines logged, by level",
    ({ logged }) => LOG_LEVELS.map((level) => ({ value: logged[level], labels: { level } })),
  ),
  gauge("livestream_build_info", "Version of the program and of what runs it", () => [{
    value: 1,
    labels: {
      version: config.version,
      deno: Deno.version.deno,
      os: Deno.build.os,
      arch: Deno.build.arch,
    },
  }]),
  gauge(
    "process_start_time_seconds",
    "When the program was started, since the Unix epoch",
    ({ startedAt }) => startedAt / 1000,
  ),
  gauge(
    "process_resident_memory_bytes",
    "Memory of the program, ffmpeg's not included",
    () => Deno.memoryUsage().rss,
  ),
  counter("process_cpu_seconds_total", "Processor time of the program, not ffmpeg's", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  }),
];

function droppedFrames({ capture, turner, pool, registry }: MetricSources): Reading[] {
  const { superseded, skipped, late, corrupt } = pool.stats;
  return [
    { value: capture.stats.damaged, labels: { stage: "splitter", reason: "damaged" } },
    { value: capture.stats.oversized, labels: { stage: "splitter", reason: "oversized" } },
    { value: turner.stats.superseded, labels: { stage: "turner", reason: "superseded" } },
    { value: turner.stats.corrupt, labels: { stage: "turner", reason: "corrupt" } },
    { value: superseded, labels: { stage: "pool", reason: "superseded" } },
    { value: skipped, labels: { stage: "pool", reason: "skipped" } },
    { value: late, labels: { stage: "pool", reason: "late" } },
    { value: corrupt, labels: { stage: "pool", reason: "corrupt" } },
    { value: registry.totals.dropped, labels: { stage: "viewer", reason: "superseded" } },
  ];
}

function errors({ capture, pool, store, live, responses }: MetricSources): Reading[] {
  return [
    { value: capture.stats.failures, labels: { part: "source" } },
    { value: pool.stats.replaced, labels: { part: "threads" } },
    { value: store.failures, labels: { part: "store" } },
    { value: responses.get(500) ?? 0, labels: { part: "http" } },
    { value: live.failures, labels: { part: "live" } },
  ];
}
