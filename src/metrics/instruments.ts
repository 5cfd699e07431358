import process from "node:process";
import config from "../../deno.json" with { type: "json" };
import { LOG_LEVELS } from "../log/log.ts";
import type { MetricSources } from "./sources.ts";
import { groupViewers } from "./viewer_groups.ts";

/** A value and the labels that distinguish it from others of the same name. They identify no viewer. */
export interface Reading {
  /** The value. */
  readonly value: number;
  /** The values of the labels, by their names. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A metric that is read at each scrape. */
export interface Instrument {
  /** The name, by https://prometheus.io/docs/practices/naming/, with unit and `_total`. */
  readonly name: string;
  /** What it measures, in docs/monitoring.md too. */
  readonly help: string;
  /** Whether it only rises. */
  readonly kind: "counter" | "gauge";
  /** Reads the present values. */
  readonly read: (sources: MetricSources) => readonly Reading[];
}

/** A metric that is recorded as things happen, in seconds. */
export interface HistogramDefinition {
  /** The name, with its unit. */
  readonly name: string;
  /** What it measures, in docs/monitoring.md too. */
  readonly help: string;
  /** The upper bounds of the buckets, in seconds. */
  readonly bounds: readonly number[];
}

/** How long encoding takes. */
export const ENCODING: HistogramDefinition = {
  name: "livestream_encode_seconds",
  help: "Time a thread took to decode a frame and encode all its wanted renditions",
  bounds: [0.001, 0.0025, 0.005, 0.01, 0.02, 0.035, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
};

/** How late viewers see a frame. */
export const DELAY: HistogramDefinition = {
  name: "livestream_delay_seconds",
  help: "Delay from the camera to each viewer, sampled once a second",
  bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10],
};

/** How late pages hear the sound. */
export const SOUND_DELAY: HistogramDefinition = {
  name: "livestream_sound_delay_seconds",
  help:
    "Delay from the microphone to the loudspeaker of each listening page, sampled once a second",
  bounds: DELAY.bounds,
};

/** How late the event loop is. */
export const LAG: HistogramDefinition = {
  name: "livestream_event_loop_lag_seconds",
  help: "How late the event loop ran a timer, sampled ten times a second",
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

/** Every metric that is read at each scrape, in the order of a frame's way; then what surrounds it. */
export const INSTRUMENTS: readonly Instrument[] = [
  gauge(
    "livestream_camera_up",
    "Whether the source gives pictures",
    ({ capture }) => capture.state.live,
  ),
  gauge(
    "livestream_standby",
    "Whether viewers see a standby card because the source gives no pictures",
    ({ capture, channel }) => channel.onAir && !capture.state.live,
  ),
  gauge("livestream_on_air", "Whether the streamer is on air", ({ channel }) => channel.onAir),
  counter(
    "livestream_frames_total",
    "Frames from the source",
    ({ capture }) => capture.stats.frames,
  ),
  counter("livestream_dropped_frames_total", "Frames dropped, by stage and reason", droppedFrames),
  counter(
    "livestream_ffmpeg_restarts_total",
    "Restarts of ffmpeg",
    ({ capture }) => capture.stats.restarts,
  ),
  counter(
    "livestream_renditions_total",
    "Frames encoded in other qualities",
    ({ pool }) => pool.stats.renditions,
  ),
  counter(
    "livestream_repaired_frames_total",
    "Damaged frames encoded in other qualities as far as they arrived",
    ({ pool }) => pool.stats.repaired,
  ),
  gauge("livestream_threads", "Threads that encode other qualities", ({ pool }) => pool.running),
  gauge("livestream_h264_encoders", "Encoders of H.264 that run", ({ video }) => video.running),
  counter(
    "livestream_h264_frames_total",
    "Frames encoded as H.264",
    ({ video }) => video.totals.encoded,
  ),
  counter(
    "livestream_h264_dropped_frames_total",
    "Frames not encoded as H.264, because newer ones came first or they were damaged",
    ({ video }) => video.totals.dropped,
  ),
  counter(
    "livestream_h264_failures_total",
    "Encoders of H.264 that ended, hung or were too slow",
    ({ video }) => video.totals.failures,
  ),
  gauge(
    "livestream_viewers",
    "Open sessions, by quality to the nearest ten and by what decides it",
    ({ audience }) =>
      groupViewers(audience.viewers).map(({ viewers, ...labels }) => ({ value: viewers, labels })),
  ),
  gauge(
    "livestream_people",
    "Viewers: each browser with a page or a stream open counts once",
    ({ people }) => people(),
  ),
  counter(
    "livestream_sent_frames_total",
    "Frames sent to viewers",
    ({ audience }) => audience.totals.frames,
  ),
  counter(
    "livestream_sent_bytes_total",
    "Bytes of streams sent to viewers",
    ({ audience }) => audience.totals.bytes,
  ),
  counter(
    "livestream_rendition_changes_total",
    "Changes of rendition forced by a link or the uplink",
    ({ audience }) => audience.totals.changes,
  ),
  counter(
    "livestream_stalled_viewers_total",
    "Sessions ended because the client read nothing",
    ({ audience }) => audience.totals.stalled,
  ),
  gauge(
    "livestream_programs",
    "Programs connected, by what they play: sound or video with sound",
    ({ programs }) =>
      (["sound", "video"] as const).map((plays) => ({
        value: programs.countOf(plays),
        labels: { plays },
      })),
  ),
  counter(
    "livestream_cut_programs_total",
    "Programs cut off because they read too slowly",
    ({ programs }) => programs.cut,
  ),
  gauge(
    "livestream_publications",
    "Targets that the program is published to, by state",
    ({ publications }) =>
      Object.entries(publications.count()).map(([state, value]) => ({ value, labels: { state } })),
  ),
  gauge(
    "livestream_rewind_bytes",
    "Bytes kept for rewinding",
    ({ past }) => past.bytes,
  ),
  gauge(
    "livestream_rewind_seconds",
    "How far viewers can go back at most, in seconds",
    ({ past }) => past.seconds,
  ),
  gauge(
    "livestream_sound_listeners",
    "Pages and programs that listen to the sound",
    ({ sound }) => sound.listeners,
  ),
  counter(
    "livestream_sound_packets_total",
    "Packets of sound, 20 ms each, given to those who listen",
    ({ sound }) => sound.packets,
  ),
  counter(
    "livestream_sound_dropped_packets_total",
    "Packets of sound dropped: the server was late (source), or a page too far behind (page)",
    ({ microphone, pageSound }) => [
      { value: microphone.dropped, labels: { stage: "source" } },
      { value: pageSound.totals.dropped, labels: { stage: "page" } },
    ],
  ),
  counter(
    "livestream_sound_gaps_total",
    "Interruptions of the sound that pages reported",
    ({ pageSound }) => pageSound.totals.gaps,
  ),
  counter(
    "livestream_sound_restarts_total",
    "Restarts of the source of sound",
    ({ microphone }) => microphone.restarts,
  ),
  gauge(
    "livestream_live_sockets",
    "Pages connected to /live, by WebSocket or polling",
    ({ pageSockets }) => pageSockets.count,
  ),
  counter(
    "livestream_chat_messages_total",
    "Chat messages posted since the start",
    ({ chat }) => chat.posted,
  ),
  counter(
    "livestream_reactions_total",
    "Reactions of viewers since the start",
    ({ reactions }) => reactions.total,
  ),
  counter(
    "livestream_donations_total",
    "Donations of all time",
    ({ donations }) => donations.count,
  ),
  gauge(
    "livestream_store_failing",
    "Whether the store fails to write chat and donations",
    ({ store }) => store.failing !== null,
  ),
  counter(
    "livestream_http_responses_total",
    "HTTP responses, by status",
    ({ responses }) =>
      [...responses].map(([status, value]) => ({ value, labels: { code: String(status) } })),
  ),
  counter("livestream_errors_total", "Failures, by part", errors),
  counter(
    "livestream_log_lines_total",
    "Log messages, by level",
    ({ logged }) => LOG_LEVELS.map((level) => ({ value: logged[level], labels: { level } })),
  ),
  gauge("livestream_build_info", "Version of the program and of its runtime", () => [{
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
    "Start time of the program since the Unix epoch",
    ({ startedAt }) => startedAt / 1000,
  ),
  gauge(
    "process_resident_memory_bytes",
    "Resident memory of the program, without ffmpeg",
    () => Deno.memoryUsage().rss,
  ),
  counter("process_cpu_seconds_total", "CPU time of the program, without ffmpeg", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  }),
];

function droppedFrames({ capture, turner, pool, audience }: MetricSources): Reading[] {
  const { superseded, skipped, late, corrupt } = pool.stats;
  return [
    { value: capture.stats.damaged, labels: { stage: "splitter", reason: "damaged" } },
    { value: capture.stats.oversized, labels: { stage: "splitter", reason: "oversized" } },
    { value: capture.stats.superseded, labels: { stage: "source", reason: "superseded" } },
    { value: turner.stats.superseded, labels: { stage: "turner", reason: "superseded" } },
    { value: turner.stats.corrupt, labels: { stage: "turner", reason: "corrupt" } },
    { value: superseded, labels: { stage: "pool", reason: "superseded" } },
    { value: skipped, labels: { stage: "pool", reason: "skipped" } },
    { value: late, labels: { stage: "pool", reason: "late" } },
    { value: corrupt, labels: { stage: "pool", reason: "corrupt" } },
    { value: audience.totals.dropped, labels: { stage: "viewer", reason: "superseded" } },
  ];
}

function errors({ capture, pool, store, pageSockets, responses }: MetricSources): Reading[] {
  return [
    { value: capture.stats.failures, labels: { part: "source" } },
    { value: pool.stats.replaced, labels: { part: "threads" } },
    { value: store.failures, labels: { part: "store" } },
    { value: responses.get(500) ?? 0, labels: { part: "http" } },
    { value: pageSockets.failures, labels: { part: "live" } },
  ];
}
