/**
 * Measures clips of what a 720p30 camera showed, while viewers watch. Prints a Markdown table, with the targets.
 *
 *     deno run -A tests/bench/clip_bench.ts [viewers]
 */
import { setTimeout as delay } from "node:timers/promises";
import { readParts } from "../support/test_server.ts";
import { print, withServer } from "./servers.ts";

/** How long the server runs before the first clip, so that the ring is full of half-size frames. Milliseconds. */
const FILL_MS = 45_000;

const CLIPS = [
  { seconds: 30, format: "mp4" },
  { seconds: 60, format: "mp4" },
  { seconds: 10, format: "gif" },
  { seconds: 10, format: "webp" },
] as const;

/** Counts the frames of one viewer until it is stopped. */
class Viewer {
  frames = 0;
  readonly #leaving = new AbortController();
  readonly #watching: Promise<void>;

  constructor(origin: string) {
    this.#watching = this.#watch(origin).catch(() => {});
  }

  async #watch(origin: string): Promise<void> {
    const response = await fetch(`${origin}/stream`, { signal: this.#leaving.signal });
    for await (const _ of readParts(response)) this.frames++;
  }

  async leave(): Promise<void> {
    this.#leaving.abort();
    await this.#watching;
  }
}

const viewers = Number(Deno.args[0] ?? 3);

await withServer([], async ({ origin }) => {
  const watching = Array.from({ length: viewers }, () => new Viewer(origin));
  await delay(FILL_MS);
  print("| clip | first byte (1 s) | whole (30 s of MP4: 10 s) | MB | slowest viewer, fps (28) |");
  print("| --- | --- | --- | --- | --- |");
  for (const { seconds, format } of CLIPS) {
    const before = watching.map(({ frames }) => frames);
    const begun = performance.now();
    const response = await fetch(`${origin}/clips`, {
      method: "POST",
      body: new URLSearchParams({ seconds: String(seconds), format }),
    });
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
    let first = 0;
    let bytes = 0;
    for await (const chunk of response.body!) {
      first ||= performance.now() - begun;
      bytes += chunk.length;
    }
    const took = performance.now() - begun;
    const fps = watching.map(({ frames }, i) => (frames - before[i]) / took * 1000);
    const figures = [
      `${(first / 1000).toFixed(2)} s`,
      `${(took / 1000).toFixed(1)} s`,
      (bytes / 1e6).toFixed(1),
      Math.min(...fps).toFixed(1),
    ];
    print(`| ${seconds} s of ${format.toUpperCase()} | ${figures.join(" | ")} |`);
    await delay(1_000);
  }
  for (const viewer of watching) await viewer.leave();
});
