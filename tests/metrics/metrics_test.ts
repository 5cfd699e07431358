import assert from "node:assert/strict";
import type { Delivery, Hearing } from "../../src/live_messages.ts";
import { Metrics } from "../../src/metrics/metrics.ts";
import type { MetricSources } from "../../src/metrics/sources.ts";
import { parsePrometheus, valueIn } from "../support/prometheus_text.ts";

const DELIVERY: Delivery = {
  codec: "jpeg",
  quality: "source",
  scale: 1,
  why: "chosen",
  fps: 30,
  kbps: 25_000,
  delay: 40,
  dropped: 0,
  changes: 0,
};

function setUp() {
  const viewers: { readonly delivery: Delivery }[] = [];
  const hearings: Hearing[] = [];
  const responses = new Map([[200, 7], [500, 2]]);
  const sources = {
    capture: {
      state: { live: true as boolean },
      stats: { frames: 0, damaged: 1, oversized: 8, superseded: 24, restarts: 2, failures: 3 },
    },
    turner: { stats: { superseded: 23, corrupt: 24 } },
    programs: { countOf: (plays: "sound" | "video") => plays === "video" ? 35 : 36, cut: 37 },
    video: { running: 3, totals: { encoded: 32, dropped: 33, failures: 34 } },
    pool: {
      stats: {
        renditions: 40,
        superseded: 5,
        skipped: 9,
        late: 6,
        corrupt: 7,
        repaired: 7,
        replaced: 8,
      },
      running: 2,
    },
    audience: { viewers, totals: { frames: 9, bytes: 1e9, dropped: 11, changes: 12, stalled: 13 } },
    microphone: { dropped: 26, restarts: 27 },
    sound: { listeners: 28, packets: 29 },
    past: { bytes: 40, seconds: 41 },
    publications: { count: () => ({ off: 42, connecting: 43, live: 44, waiting: 45 }) },
    pageSound: { hearings, totals: { dropped: 30, gaps: 31 } },
    people: () => 14,
    pageSockets: { count: 15, failures: 22 },
    channel: { onAir: true as boolean },
    chat: { posted: 16 },
    reactions: { total: 25 },
    donations: { count: 17 },
    store: { failing: null as string | null, failures: 18 },
    responses,
    logged: { debug: 0, info: 19, warn: 20, error: 21 },
    startedAt: 1_795_000_000_500,
  } satisfies MetricSources;
  return { sources, viewers, hearings, metrics: new Metrics(sources) };
}

Deno.test("metrics are Prometheus text, each with help and type", async () => {
  const { metrics } = setUp();
  metrics.encoded(3);
  metrics.lagged(1);
  const families = parsePrometheus(await metrics.render());
  assert(families.size > 20);
  for (const [name, { help }] of families) {
    assert.match(name, /^(livestream|process)_[a-z0-9_]+$/);
    assert.match(help, /^[A-Z].*[^.]$/, name);
  }
});

Deno.test("metrics report what the parts have counted so far", async () => {
  const { sources, metrics } = setUp();
  const before = await metrics.render();
  assert.equal(valueIn(before, "livestream_frames_total"), 0);
  sources.capture.stats.frames = 30;
  sources.store.failing = "the disk is full";
  const text = await metrics.render();
  const expected: [string, number, Record<string, string>?][] = [
    ["livestream_camera_up", 1],
    ["livestream_standby", 0],
    ["livestream_on_air", 1],
    ["livestream_frames_total", 30],
    ["livestream_dropped_frames_total", 1, { stage: "splitter", reason: "damaged" }],
    ["livestream_dropped_frames_total", 8, { stage: "splitter", reason: "oversized" }],
    ["livestream_dropped_frames_total", 23, { stage: "turner", reason: "superseded" }],
    ["livestream_dropped_frames_total", 24, { stage: "turner", reason: "corrupt" }],
    ["livestream_dropped_frames_total", 5, { stage: "pool", reason: "superseded" }],
    ["livestream_dropped_frames_total", 9, { stage: "pool", reason: "skipped" }],
    ["livestream_dropped_frames_total", 6, { stage: "pool", reason: "late" }],
    ["livestream_dropped_frames_total", 7, { stage: "pool", reason: "corrupt" }],
    ["livestream_dropped_frames_total", 11, { stage: "viewer", reason: "superseded" }],
    ["livestream_ffmpeg_restarts_total", 2],
    ["livestream_renditions_total", 40],
    ["livestream_threads", 2],
    ["livestream_h264_encoders", 3],
    ["livestream_h264_frames_total", 32],
    ["livestream_h264_dropped_frames_total", 33],
    ["livestream_h264_failures_total", 34],
    ["livestream_people", 14],
    ["livestream_sent_frames_total", 9],
    ["livestream_sent_bytes_total", 1e9],
    ["livestream_rendition_changes_total", 12],
    ["livestream_stalled_viewers_total", 13],
    ["livestream_programs", 36, { plays: "sound" }],
    ["livestream_programs", 35, { plays: "video" }],
    ["livestream_cut_programs_total", 37],
    ["livestream_publications", 42, { state: "off" }],
    ["livestream_publications", 44, { state: "live" }],
    ["livestream_rewind_bytes", 40],
    ["livestream_rewind_seconds", 41],
    ["livestream_sound_listeners", 28],
    ["livestream_sound_packets_total", 29],
    ["livestream_sound_dropped_packets_total", 26, { stage: "source" }],
    ["livestream_sound_dropped_packets_total", 30, { stage: "page" }],
    ["livestream_sound_gaps_total", 31],
    ["livestream_sound_restarts_total", 27],
    ["livestream_live_sockets", 15],
    ["livestream_chat_messages_total", 16],
    ["livestream_reactions_total", 25],
    ["livestream_donations_total", 17],
    ["livestream_store_failing", 1],
    ["livestream_http_responses_total", 7, { code: "200" }],
    ["livestream_http_responses_total", 2, { code: "500" }],
    ["livestream_errors_total", 3, { part: "source" }],
    ["livestream_errors_total", 8, { part: "threads" }],
    ["livestream_errors_total", 18, { part: "store" }],
    ["livestream_errors_total", 2, { part: "http" }],
    ["livestream_errors_total", 22, { part: "live" }],
    ["livestream_log_lines_total", 19, { level: "info" }],
    ["livestream_log_lines_total", 20, { level: "warn" }],
    ["livestream_log_lines_total", 21, { level: "error" }],
    ["livestream_build_info", 1, { deno: Deno.version.deno }],
    ["process_start_time_seconds", 1_795_000_000.5],
  ];
  for (const [name, value, labels] of expected) assert.equal(valueIn(text, name, labels), value);
  assert(valueIn(text, "process_resident_memory_bytes") > 10e6);
  assert(valueIn(text, "process_cpu_seconds_total") > 0);
});

Deno.test("metrics count sessions by their present rendition, and none that has ended", async () => {
  const { viewers, metrics } = setUp();
  const of = (quality: string, why: string) => ({ quality, why });
  viewers.push(
    { delivery: DELIVERY },
    { delivery: DELIVERY },
    { delivery: { ...DELIVERY, quality: 47, why: "link" } },
  );
  const text = await metrics.render();
  assert.equal(valueIn(text, "livestream_viewers", of("source", "chosen")), 2);
  assert.equal(valueIn(text, "livestream_viewers", of("50", "link")), 1);
  viewers.splice(1);
  const later = await metrics.render();
  assert.equal(valueIn(later, "livestream_viewers", of("source", "chosen")), 1);
  assert.equal(valueIn(later, "livestream_viewers", of("50", "link")), 0);
});

Deno.test("metrics report standby while on air without pictures, and not off air", async () => {
  const { sources, metrics } = setUp();
  sources.capture.state.live = false;
  assert.equal(valueIn(await metrics.render(), "livestream_standby"), 1);
  sources.channel.onAir = false;
  assert.equal(valueIn(await metrics.render(), "livestream_standby"), 0);
});

Deno.test("metrics sort times into buckets, in seconds", async () => {
  const { metrics } = setUp();
  for (const milliseconds of [3, 4, 30, 9000]) metrics.encoded(milliseconds);
  metrics.lagged(260);
  const text = await metrics.render();
  const encoded = (le: string) => valueIn(text, "livestream_encode_seconds_bucket", { le });
  assert.deepEqual(["0.0025", "0.005", "0.02", "0.035", "2.5", "+Inf"].map(encoded), [
    0,
    2,
    2,
    3,
    3,
    4,
  ]);
  assert.equal(valueIn(text, "livestream_encode_seconds_sum"), 9.037);
  assert.equal(valueIn(text, "livestream_event_loop_lag_seconds_bucket", { le: "0.25" }), 0);
  assert.equal(valueIn(text, "livestream_event_loop_lag_seconds_bucket", { le: "0.5" }), 1);
});

Deno.test("metrics sample the delay of each viewer whose delay is known once a second", async () => {
  const { viewers, metrics } = setUp();
  viewers.push(
    { delivery: DELIVERY },
    { delivery: { ...DELIVERY, delay: 800 } },
    { delivery: { ...DELIVERY, delay: null } },
  );
  for (let tick = 0; tick < 3; tick++) metrics.tick();
  assert(!parsePrometheus(await metrics.render()).has("livestream_delay_seconds"));
  for (let tick = 3; tick < 11; tick++) metrics.tick();
  const text = await metrics.render();
  assert.equal(valueIn(text, "livestream_delay_seconds_count"), 4);
  assert.equal(valueIn(text, "livestream_delay_seconds_bucket", { le: "0.05" }), 2);
  assert.equal(valueIn(text, "livestream_delay_seconds_bucket", { le: "1" }), 4);
});

Deno.test("metrics sample how late each page hears whose delay is known once a second", async () => {
  const { hearings, metrics } = setUp();
  const hearing = { gaps: 0, dropped: 0, offset: null };
  hearings.push({ ...hearing, delay: 120 }, { ...hearing, delay: null });
  for (let tick = 0; tick < 8; tick++) metrics.tick();
  const text = await metrics.render();
  assert.equal(valueIn(text, "livestream_sound_delay_seconds_count"), 2);
  assert.equal(valueIn(text, "livestream_sound_delay_seconds_bucket", { le: "0.1" }), 0);
  assert.equal(valueIn(text, "livestream_sound_delay_seconds_bucket", { le: "0.15" }), 2);
});

Deno.test("metrics fail as a whole if one value cannot be read", async () => {
  const { sources } = setUp();
  const metrics = new Metrics({
    ...sources,
    people() {
      throw new Error("no such thing");
    },
  });
  await assert.rejects(metrics.render(), /no such thing/);
});
