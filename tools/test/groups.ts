import type { Job, Kind } from "./schedule.ts";

/**
 * Folders whose tests start the program, ffmpeg, a browser or a compiler, and files that differ from the
 * rest of their folder; all others are unit tests.
 */
export const KINDS: Readonly<Record<string, Kind>> = {
  "tests/attacks/": "quiet",
  "tests/compiled/": "quiet",
  "tests/e2e/": "busy",
  // A page that gets little of the processor is taken for one on a slow link.
  "tests/e2e/delivery_test.ts": "quiet",
  "tests/e2e/tls_test.ts": "quiet",
  "tests/e2e/watch_quality_test.ts": "quiet",
  "tests/faults/": "quiet",
  "tests/fuzz/": "busy",
  "tests/integration/": "quiet",
  "tests/integration/camera_controls/": "busy",
  "tests/integration/media/": "busy",
  "tests/integration/transcode/": "busy",
  "tests/package/": "quiet",
  "tests/release/": "quiet",
  "tests/soak/": "quiet",
};

/**
 * Files that measure throughput, milliseconds or a share of the processor, which any other load changes; and those that
 * add network interfaces to this machine, at which Chromium drops the connections of every page (ERR_NETWORK_CHANGED).
 */
export const MEASURING: readonly string[] = [
  "tests/e2e/hls_edge_test.ts",
  "tests/e2e/rewind_sound_test.ts",
  "tests/e2e/video_program_test.ts",
  "tests/faults/crowd_test.ts",
  "tests/faults/edges_test.ts",
  "tests/faults/fair_transcoding_test.ts",
  "tests/integration/producers/sound/capture_time_test.ts",
];

/** Files of more than 20 s, longest first. A long one that started last would run on alone. */
export const LONGEST: readonly string[] = [
  "tests/soak/soak_test.ts",
  "tests/e2e/reverse_proxy_test.ts",
  "tests/faults/sound_test.ts",
  "tests/faults/recording_test.ts",
  "tests/faults/video_test.ts",
  "tests/integration/producers/switcher_test.ts",
  "tests/e2e/studio_looks_test.ts",
  "tests/faults/ffmpeg_test.ts",
  "tests/e2e/studio_chat_test.ts",
  "tests/faults/viewers_test.ts",
  "tests/faults/slow_viewers_test.ts",
  "tests/e2e/watch_test.ts",
  "tests/e2e/chat_test.ts",
  "tests/e2e/fallback_test.ts",
  "tests/integration/producers/ffmpeg/still_source_test.ts",
  "tests/faults/slow_link_test.ts",
  "tests/faults/wireless_link_test.ts",
  "tests/integration/child_process/memory_limit_test.ts",
  "tests/e2e/password_test.ts",
  "tests/e2e/accessibility_test.ts",
  "tests/faults/camera_test.ts",
  "tests/e2e/studio_connection_test.ts",
  "tests/compiled/stand_still_test.ts",
  "tests/e2e/studio_channel_test.ts",
  "tests/integration/transcode/dct_codec_test.ts",
];

/** Starting Deno takes longer than most unit tests, so that one process runs many files. */
const UNIT_BATCHES_PER_CORE = 3;

/** Whether a file has only tests that need nothing but Deno. */
export function isUnitTest(file: string): boolean {
  return keyOf(file) === undefined;
}

/** Returns the jobs that run these files, in the order in which they should start. */
export function jobsFor(files: readonly string[], cores: number): Job[] {
  const units = files.filter(isUnitTest);
  const others = files.filter((file) => !isUnitTest(file));
  const jobs = others.toSorted(byLength).map((file): Job => ({
    kind: kindOf(file),
    files: [file],
  }));
  const count = Math.min(units.length, cores * UNIT_BATCHES_PER_CORE);
  const batches = Array.from({ length: count }, (_, batch): Job => ({
    kind: "busy",
    files: units.filter((_, index) => index % count === batch),
  }));
  return [...batches, ...jobs];
}

function kindOf(file: string): Kind {
  return MEASURING.includes(file) ? "measuring" : KINDS[keyOf(file)!];
}

/** The longest matching folder or file of {@linkcode KINDS}. */
function keyOf(file: string): string | undefined {
  return Object.keys(KINDS).filter((key) => file.startsWith(key))
    .toSorted((a, b) => b.length - a.length)[0];
}

function byLength(a: string, b: string): number {
  const rank = (file: string) => (LONGEST.indexOf(file) + 1) || LONGEST.length + 1;
  return rank(a) - rank(b);
}
