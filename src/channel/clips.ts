import type { Clip } from "../consumers/clip/clip.ts";
import type { HeldOrder } from "../consumers/clip/clip_queue.ts";
import type { ClipFailureCode } from "../consumers/clip/failure.ts";
import { lapseOf, type Timeline, timelineOf } from "../consumers/clip/timeline.ts";
import type { Clock } from "../clock.ts";
import type { ClipFormat, ClipRule, ClipState } from "../live_messages.ts";
import type { HeldPast, Past, PastFrame } from "../streams/past.ts";
import { clipName } from "./clip_name.ts";
import type { Clipper, ClipPermission } from "./clip_permission.ts";
import { type ErrorCode, explain } from "./explanation.ts";
import { duration, type Outcome, refuse, type Refused } from "./refusal.ts";
import { TokenBuckets } from "./token_bucket.ts";

/** The longest clips. Seconds. */
const MAX_SECONDS: Readonly<Record<ClipFormat, number>> = { mp4: 60, gif: 10, webp: 10 };

/** Clips that one viewer may have waiting or being made. */
const MAX_OWN = 2;

/** From one address: four at once, then one in ten seconds. */
const ADDRESS = { capacity: 4, refillMs: 10_000 };

/** When to try again if too many others wait. Milliseconds. */
const BUSY_MS = 10_000;

/** What explains a failure. */
const EXPLANATIONS: Readonly<Record<ClipFailureCode, ErrorCode>> = {
  "no-encoder": "clip-encoder",
  "no-ffmpeg": "clip-encoder",
  failed: "clip-failed",
  hung: "clip-failed",
  "too-large": "clip-failed",
  gone: "clip-empty",
  cancelled: "no-such-clip",
};

/** Where the frames are. */
export interface ClipPast {
  /** What viewers can go back to; `null` if that is never kept. */
  readonly past: Past | null;
  /** Frames for a timelapse; `null` if none are kept. */
  readonly timelapse: {
    readonly frames: readonly PastFrame[];
    read(frame: PastFrame): Promise<Uint8Array<ArrayBuffer> | null>;
  } | null;
  /** Whether viewers can go back. */
  readonly isOn: boolean;
}

/** What makes and keeps clips. */
export interface ClipKeeper {
  /** Whether no further clip can wait. */
  readonly isFull: boolean;
  /** Adds a clip. */
  add(order: HeldOrder): Clip;
  /** Returns the number of clips that are made before one. */
  aheadOf(clip: Clip): number;
  /** Whether the clip is still kept. */
  has(clip: Clip): boolean;
  /** Notes that its viewer still cares about a clip. */
  seen(clip: Clip): void;
  /** Gives up a clip, and forgets it. */
  cancel(clip: Clip): void;
  /** Gives up all clips. */
  clear(): void;
}

/** Options of {@linkcode Clips}. */
export interface ClipsOptions {
  /** Where the frames are. */
  readonly kept: ClipPast;
  /** Makes the clips. */
  readonly queue: ClipKeeper;
  /** Decides who may make them. */
  readonly permission: ClipPermission;
  /** Names them. */
  readonly channel: { readonly title: string };
  /** The time. */
  readonly clock: Clock;
}

/** What a viewer wants to have as a clip: wall times. */
export interface ClipWish {
  /** What it shows first. */
  readonly from: number;
  /** What it shows last. */
  readonly to: number;
  /** What it will be. */
  readonly format: ClipFormat;
}

/** A clip and its viewer. */
interface Owned {
  readonly clip: Clip;
  readonly viewer: string;
  readonly name: string;
}

/** A clip that can be downloaded. */
export interface NamedClip {
  /** The clip itself. */
  readonly clip: Clip;
  /** The name of its file. */
  readonly name: string;
}

/** The clips of viewers, each for the viewer alone who asked for it. */
export class Clips {
  readonly #options: ClipsOptions;
  readonly #addresses: TokenBuckets;
  readonly #owned = new Map<string, Owned>();

  /** Begins without any. */
  constructor(options: ClipsOptions) {
    const { kept, queue, clock } = this.#options = options;
    this.#addresses = new TokenBuckets({ ...ADDRESS, clock });
    kept.past?.events.on("clear", () => queue.clear());
  }

  /** Who may make clips now: nobody while there is nothing to make them of. */
  get rule(): ClipRule {
    const { kept, permission } = this.#options;
    return kept.past !== null && kept.isOn ? permission.rule : "nobody";
  }

  /** Begins a clip of the last seconds. */
  askLast(clipper: Clipper, seconds: number, format: ClipFormat): Outcome<ClipState> {
    const to = this.#options.clock.wall();
    return this.ask(clipper, { from: to - 1_000 * seconds, to, format });
  }

  /** Begins a clip, whose frames are held from now on. */
  ask(clipper: Clipper, { from, to, format }: ClipWish): Outcome<ClipState> {
    const { kept: { past, isOn }, clock } = this.#options;
    if (past === null || !isOn) return refuse("rewind-off");
    const refused = this.#refusalOf(clipper);
    if (refused) return refused;
    if (!past.canHold) return refuse("clips-busy", {}, BUSY_MS);
    const max = MAX_SECONDS[format];
    if (to - from > 1_000 * max) return refuse("clip-too-long", { max: String(max) });
    const end = Math.min(to, clock.wall());
    // The frame that was shown at that time may have been captured before.
    const before = past.frameAt(from)?.at ?? from;
    const held = past.hold(Math.min(from, before), end);
    const timeline = timelineOf(held, from, end);
    if (timeline === null) {
      held.release();
      return refuse("clip-empty");
    }
    return this.#add(clipper, from, { format, timeline, ...readerOf(held) });
  }

  /** Begins a clip of everything that is kept for a timelapse, for the streamer. */
  askLapse(clipper: Clipper, seconds: number): Outcome<ClipState> {
    const { timelapse } = this.#options.kept;
    const first = timelapse?.frames[0];
    if (!timelapse || !first) return refuse("timelapse-off");
    if (!clipper.isStreamer) return refuse("streamer-only");
    const refused = this.#refusalOf(clipper);
    if (refused) return refused;
    const timeline: Timeline = lapseOf(timelapse.frames, seconds);
    const read = (frame: PastFrame) => timelapse.read(frame);
    return this.#add(clipper, first.at, { format: "mp4", timeline, read, release: () => {} });
  }

  /** Returns a viewer's clip, and notes that they care about it; `null` if there is none. */
  find(viewer: string, id: string): NamedClip | null {
    const owned = this.#owned.get(id);
    if (owned?.viewer !== viewer || !this.#options.queue.has(owned.clip)) return null;
    this.#options.queue.seen(owned.clip);
    return owned;
  }

  /** Returns how far a clip is. */
  stateOf(clip: Clip): ClipState {
    const { id, format, state, progress, duration, bytes, failure } = clip;
    const ahead = this.#options.queue.aheadOf(clip);
    return {
      ...{ id, format, state, ahead, progress, duration, bytes },
      ...(failure && { problem: explain(EXPLANATIONS[failure], { format: format.toUpperCase() }) }),
    };
  }

  /** Gives up a viewer's clip; returns whether there was one. */
  cancel(viewer: string, id: string): boolean {
    const found = this.find(viewer, id);
    if (found) this.#options.queue.cancel(found.clip);
    return found !== null;
  }

  /** Forgets the clips that are not kept any more. Call it about once a second. */
  tick(): void {
    const { queue } = this.#options;
    for (const [id, { clip }] of this.#owned) if (!queue.has(clip)) this.#owned.delete(id);
  }

  #refusalOf(clipper: Clipper): Refused | null {
    const { queue, permission } = this.#options;
    const { viewer, capacityKey } = clipper;
    const refused = permission.check(clipper);
    if (refused) return refused;
    const own = [...this.#owned.values()].filter((owned) =>
      owned.viewer === viewer && !owned.clip.isOver
    );
    if (own.length >= MAX_OWN) return refuse("clips-own", { max: String(MAX_OWN) }, BUSY_MS);
    const wait = this.#addresses.waitOf(capacityKey);
    if (wait > 0) return refuse("clips-too-fast", { wait: duration(wait) }, wait);
    return queue.isFull ? refuse("clips-busy", {}, BUSY_MS) : null;
  }

  #add({ viewer, capacityKey }: Clipper, from: number, order: HeldOrder): ClipState {
    const { queue, channel } = this.#options;
    this.#addresses.take(capacityKey);
    const clip = queue.add(order);
    const name = clipName(channel.title, new Date(from), order.format);
    this.#owned.set(clip.id, { clip, viewer, name });
    return this.stateOf(clip);
  }
}

function readerOf(held: HeldPast): Pick<HeldOrder, "read" | "release"> {
  return { read: (frame) => held.read(frame), release: () => held.release() };
}
