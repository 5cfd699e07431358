import type { SoundPacket } from "../../media/packet.ts";
import { channelsOf, silence } from "../../media/opus.ts";
import type { HeldPast, PastFrame } from "../../streams/past.ts";

/** Frames further apart have a gap between them, which is cut out: the channel was off air. Milliseconds. */
const GAP_MS = 3_000;

/** How long the frame before a gap is shown: as long as that of a camera with 10 fps. Milliseconds. */
const STEP_MS = 100;

/** How long a packet of silence plays, and the shortest hole in the sound that is filled. Milliseconds. */
const SILENCE_MS = 20;

/** The most frames a second of a timelapse. */
const LAPSE_FPS = 30;

/** A frame of a clip. */
export interface ClipFrame {
  /** Which one it is. */
  readonly frame: PastFrame;
  /** When it is shown: whole milliseconds from the beginning of the clip, more than that of the frame before. */
  readonly time: number;
}

/** A packet of a clip's sound. */
export interface ClipSound {
  /** One packet of Opus. */
  readonly data: Uint8Array<ArrayBuffer>;
  /** When it plays: whole milliseconds from the beginning of the clip. */
  readonly time: number;
}

/** What a clip shows and plays, without the gaps. */
export interface Timeline {
  /** At least one, of which the first one is shown at 0. */
  readonly frames: readonly ClipFrame[];
  /** Without holes; empty if there is no sound. */
  readonly sound: readonly ClipSound[];
  /** How long it plays. Whole milliseconds. */
  readonly duration: number;
}

/** Frames without a gap between them. */
interface Stretch {
  readonly frames: readonly PastFrame[];
  /** Wall times. */
  readonly from: number;
  readonly to: number;
  /** When it plays. */
  readonly time: number;
}

/**
 * Returns what a clip of what lies between two wall times shows; `null` if there is no frame.
 *
 * @param held The frame that was captured before `from` is shown until the next one, if it is given.
 */
export function timelineOf(
  held: Pick<HeldPast, "frames" | "sound">,
  from: number,
  to: number,
): Timeline | null {
  const stretches = stretchesOf(held.frames, from, to);
  const last = stretches.at(-1);
  if (!last) return null;
  const frames: ClipFrame[] = [];
  for (const { frames: some, from, time } of stretches) {
    for (const frame of some) {
      const at = Math.round(time + Math.max(0, frame.at - from));
      const least = frames.length === 0 ? 0 : frames[frames.length - 1].time + 1;
      frames.push({ frame, time: Math.max(at, least) });
    }
  }
  const duration = Math.max(Math.round(last.time + last.to - last.from), frames.at(-1)!.time + 1);
  return { frames, sound: soundOf(held.sound, stretches, duration), duration };
}

/**
 * Returns a timelapse of so many seconds: frames chosen evenly, each shown for as long as the others.
 *
 * @param frames At least one.
 */
export function lapseOf(frames: readonly PastFrame[], seconds: number): Timeline {
  const duration = Math.round(1_000 * seconds);
  const count = Math.max(1, Math.min(frames.length, Math.floor(LAPSE_FPS * seconds)));
  const chosen = Array.from({ length: count }, (_, i) => ({
    frame: frames[count === 1 ? 0 : Math.round(i * (frames.length - 1) / (count - 1))],
    time: Math.round(i * duration / count),
  }));
  return { frames: chosen, sound: [], duration };
}

function stretchesOf(frames: readonly PastFrame[], from: number, to: number): Stretch[] {
  const shown = frames.filter(({ at }, i) => at < to && (at >= from || frames[i + 1]?.at > from));
  const stretches: Stretch[] = [];
  let time = 0;
  for (let first = 0; first < shown.length;) {
    let end = first + 1;
    while (end < shown.length && shown[end].at - shown[end - 1].at <= GAP_MS) end++;
    const { at } = shown[end - 1];
    const isCut = end < shown.length || to - at > GAP_MS;
    const begin = Math.max(from, shown[first].at);
    const stop = isCut ? Math.max(at, begin) + STEP_MS : to;
    stretches.push({ frames: shown.slice(first, end), from: begin, to: stop, time });
    time += stop - begin;
    first = end;
  }
  return stretches;
}

/** Returns the packets that belong to the stretches, with silence where there are none. */
function soundOf(
  packets: readonly SoundPacket[],
  stretches: readonly Stretch[],
  duration: number,
): ClipSound[] {
  const placed = stretches.flatMap(({ from, to, time }) =>
    packets.filter(({ at }) => at >= from && at < to).map(({ data, at, duration }) => ({
      ...{ data, duration, time: Math.round(time + at - from) },
    }))
  );
  if (placed.length === 0) return [];
  const quiet = silence(channelsOf(placed[0].data));
  const sound: ClipSound[] = [];
  let end = 0;
  const fill = (until: number) => {
    for (; end + SILENCE_MS <= until; end += SILENCE_MS) sound.push({ data: quiet, time: end });
  };
  for (const { data, duration, time } of placed) {
    fill(time);
    // Of packets that overlap, as where a gap was cut out, the first one plays.
    if (time + duration / 2 < end) continue;
    sound.push({ data, time: Math.max(time, end) });
    end = Math.max(time, end) + duration;
  }
  fill(duration);
  return sound;
}
