import type { Link } from "../../support/watch_link.ts";
import type { Codec, ShownFrame } from "./page_client.ts";
import { type Quantiles, quantiles } from "./quantiles.ts";

const VIEWERS = new URL("./page_viewers.ts", import.meta.url).pathname;

/** Starting, and passing on what was seen, may take so much longer. Seconds. */
const PATIENCE = 60;
/** A picture older than this is noticed. Milliseconds. */
const OLD_MS = 500;

export interface PagesOptions {
  readonly port: number;
  readonly codec: Codec;
  readonly seconds: number;
  /** Default: 1. */
  readonly sessions?: number;
}

/** What one session or several saw. */
export interface Seen {
  /** Frames a second, of each session, the least first. */
  readonly fps: readonly number[];
  /** On arrival. Milliseconds. */
  readonly age: Quantiles;
  /** The share of the time in which a picture of the full width was shown. */
  readonly full: number;
  /** The share of the time in which H.264 was shown. */
  readonly video: number;
  /** The longest time in which the picture on the screen was older than 500 ms. Milliseconds. */
  readonly old: number;
  /** Kilobits a second of all sessions together. */
  readonly kbps: number;
}

/** What sessions received. */
export interface Watched {
  /** The frames of each session, oldest first. */
  readonly sessions: readonly (readonly ShownFrame[])[];
  /** How often the server ended a stream, after which its session connected again. */
  readonly cuts: number;
}

/** Watches from behind a link as pages do. */
export async function watchAsPages(
  link: Link,
  { port, codec, seconds, sessions = 1 }: PagesOptions,
): Promise<Watched> {
  const viewers = ["run", "--quiet", "--no-check", "--allow-net", VIEWERS];
  const target = [link.host, String(port), String(seconds), String(sessions), codec];
  const [command, args] = link.command(Deno.execPath(), ...viewers, ...target);
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args,
    stdin: "null",
    signal: AbortSignal.timeout((seconds + PATIENCE) * 1000),
  }).output();
  if (!success) throw new Error(`Cannot watch: ${new TextDecoder().decode(stderr)}`);
  const frames = Array.from({ length: sessions }, (): ShownFrame[] => []);
  const [cuts, ...lines] = new TextDecoder().decode(stdout).split("\n");
  for (const line of lines) {
    const [session, at, age, codec, width, bytes] = line.split(" ");
    frames[Number(session)].push({
      at: Number(at),
      age: Number(age),
      codec: codec as ShownFrame["codec"],
      width: Number(width),
      bytes: Number(bytes),
    });
  }
  return { sessions: frames, cuts: Number(cuts) };
}

/**
 * Sums up what sessions saw between two times, in milliseconds since the start.
 *
 * @param width The full width of the pictures.
 */
export function summarize(
  sessions: readonly (readonly ShownFrame[])[],
  { from, to, width }: { readonly from: number; readonly to: number; readonly width: number },
): Seen {
  const counted = sessions.map((frames) => frames.filter(({ at }) => at >= from && at < to));
  const all = counted.flat();
  const time = sessions.length * (to - from);
  // Before the first of these frames the one before is on the screen.
  const spans = sessions.map((frames) => spansOf(frames, from, to));
  const shareOf = (holds: (frame: ShownFrame) => boolean) =>
    spans.flat().reduce((sum, { frame, ms }) => holds(frame) ? sum + ms : sum, 0) / time;
  return {
    fps: counted.map(({ length }) => length / (to - from) * 1000).sort((a, b) => a - b),
    age: quantiles(all.map(({ age }) => age)),
    full: shareOf((frame) => frame.width >= width),
    video: shareOf(({ codec }) => codec === "h264"),
    old: Math.max(0, ...spans.map(longestOld)),
    kbps: all.reduce((sum, { bytes }) => sum + bytes, 0) * 8 / (to - from),
  };
}

/** A time in which one frame is on the screen. Milliseconds. */
interface Span {
  readonly frame: ShownFrame;
  readonly start: number;
  readonly ms: number;
}

function spansOf(frames: readonly ShownFrame[], from: number, to: number): Span[] {
  return frames.map((frame, i) => {
    const start = Math.max(from, frame.at);
    const end = Math.min(to, frames[i + 1]?.at ?? to);
    return { frame, start, ms: end - start };
  }).filter(({ ms }) => ms > 0);
}

function longestOld(spans: readonly Span[]): number {
  let longest = 0, lasted = 0;
  for (const { frame: { at, age }, start, ms } of spans) {
    const oldFrom = Math.max(start, at - age + OLD_MS);
    const old = Math.max(0, start + ms - oldFrom);
    lasted = oldFrom > start ? old : lasted + old;
    longest = Math.max(longest, lasted);
  }
  return longest;
}
