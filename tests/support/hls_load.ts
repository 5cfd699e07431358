import { cached } from "./cache.ts";
import { findProgram } from "./find_program.ts";

const SOURCES = ["hls_load.c", "hls_player.h", "http_response.h"].map((name) =>
  new URL(name, import.meta.url)
);

/** Requests of one kind; the times from request to whole response in milliseconds, -1 if there were none. */
export interface HlsRequests {
  readonly requests: number;
  readonly median: number;
  readonly p99: number;
  readonly most: number;
}

/** What many players of HLS saw. */
export interface HlsLoad {
  readonly clients: number;
  /** Clients that got at least one segment. */
  readonly playing: number;
  /** Clients that had at least 99 % of their segments in time. */
  readonly good: number;
  /** The least share of segments in time, 0 to 1. */
  readonly worst: number;
  /** Segments that arrived before the player had played what it had. */
  readonly inTime: number;
  readonly late: number;
  /** Segments that were no longer to be had. */
  readonly missed: number;
  readonly failed: number;
  /** Clients that went on with another edge. */
  readonly switched: number;
  /** The longest time in which a client got nothing. Milliseconds. */
  readonly silence: number;
  readonly bytes: number;
  readonly seconds: number;
  /** Age of the first segment's beginning when clients start to play, median. Milliseconds. */
  readonly behind: number;
  readonly behindMost: number;
  readonly multivariant: HlsRequests;
  readonly playlist: HlsRequests;
  readonly init: HlsRequests;
  readonly segment: HlsRequests;
  /** Requests to each edge. */
  readonly edges: readonly number[];
}

export interface HlsLoadOptions {
  /** Address and port of each edge. */
  readonly edges: readonly string[];
  readonly clients: number;
  readonly seconds: number;
  /** Default: `low`. */
  readonly rendition?: "low" | "high";
  /** How long a client waits for an edge. Milliseconds. Default: 2,500. */
  readonly timeout?: number;
  /** Default: `/hls/live.m3u8`. */
  readonly path?: string;
}

/** Whether the players can be built here. They use epoll, so only on Linux. */
export function canLoadHls(): boolean {
  return Deno.build.os === "linux" && findProgram("cc") !== null;
}

/** Plays HLS with many clients in one process; `hls_load.c` says how. */
export async function loadHls(options: HlsLoadOptions): Promise<HlsLoad> {
  const { edges, clients, seconds, rendition = "low", timeout = 2500 } = options;
  const { path = "/hls/live.m3u8" } = options;
  const numbers = [clients, seconds].map(String);
  const { success, stdout } = await new Deno.Command(await build(), {
    args: [path, ...numbers, rendition, String(timeout), ...edges],
    stdin: "null",
  }).output();
  if (!success) throw new Error("hls_load failed");
  return JSON.parse(new TextDecoder().decode(stdout));
}

async function build(): Promise<string> {
  const texts = await Promise.all(SOURCES.map((source) => Deno.readTextFile(source)));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(texts.join("")));
  const name = new Uint8Array(digest).subarray(0, 6).toHex();
  return await cached(`hls-load-${name}`, async (path) => {
    const { success } = await new Deno.Command("cc", {
      args: ["-O2", "-o", path, SOURCES[0].pathname],
    }).output();
    if (!success) throw new Error("Cannot build hls_load");
  });
}
