import { setTimeout as delay } from "node:timers/promises";
import { startPublishStage } from "../../support/publish_stage.ts";
import { startRtmpServer } from "../../support/rtmp_server.ts";
import { stampsIn } from "../../support/stamped_track.ts";

export interface Ages {
  readonly median: number;
  readonly p99: number;
}

/** How often the playlist is looked at. Milliseconds. */
const EVERY_MS = 50;

/** Measures how old pictures are that a program pulls from nginx by RTMP, and the newest of its HLS. */
export async function publishedAge(
  seconds: number,
): Promise<{ readonly pulled: Ages; readonly segment: Ages }> {
  await using server = await startRtmpServer();
  await using stage = await startPublishStage({ isStamped: true });
  const id = stage.publications.add(server.url);
  await stage.until(id, ({ state }) => state === "live", 30_000);
  const pulled: number[] = [], segment: number[] = [];
  const puller = new Deno.Command("ffmpeg", {
    args: [
      ...["-hide_banner", "-nostdin", "-loglevel", "error", "-fflags", "nobuffer"],
      ...["-fpsprobesize", "0", "-i", server.url, "-c", "copy", "-flush_packets", "1"],
      ...["-f", "flv", "pipe:1"],
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const pulling = (async () => {
    for await (const chunk of puller.stdout) {
      const now = Date.now();
      for (const at of stampsIn(chunk)) pulled.push(now - at);
    }
  })();
  const end = performance.now() + seconds * 1_000;
  let newest = "";
  while (performance.now() < end) {
    await delay(EVERY_MS);
    const playlist = await Deno.readTextFile(server.playlist).catch(() => "");
    const name = playlist.trim().split("\n").at(-1) ?? "";
    if (!name.endsWith(".ts") || name === newest) continue;
    newest = name;
    const now = Date.now();
    const bytes = await Deno.readFile(server.playlist.replace(/[^/]*$/, name));
    segment.push(...stampsIn(bytes).slice(-1).map((at) => now - at));
  }
  puller.kill("SIGKILL");
  await Promise.all([pulling, puller.status]);
  // What the server had kept for whoever comes is older.
  return { pulled: agesOf(pulled.slice(pulled.length / 4)), segment: agesOf(segment.slice(1)) };
}

function agesOf(ages: readonly number[]): Ages {
  const sorted = ages.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))];
  return { median: at(0.5), p99: at(0.99) };
}
