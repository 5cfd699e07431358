import { BoundedMap } from "../bounded_map.ts";
import { type Clock, SYSTEM_CLOCK } from "../clock.ts";

/** For how long a kicked viewer is kept away. Milliseconds. */
export const KICK_MS = 60_000;

/** The most kicks remembered; beyond it, the oldest are forgotten. */
const MAX_KICKS = 10_000;

/** Who asks for a stream or a page socket. */
export interface Kickable {
  /** The id in the viewer's cookie; `null` for a client without one. */
  readonly id: string | null;
  /** Whose seats they take: an address or a network. */
  readonly client: string;
  /** What they watch with: `Chrome on Android`, `VLC`. */
  readonly device: string;
}

/**
 * Remembers whom the streamer kicked within the last minute: a browser by its cookie; a program without
 * one by its address and its name, so that the others of its household are not kept away.
 */
export class Kicks {
  readonly #clock: Clock;
  /** When each may return, in monotonic time. */
  readonly #until = new BoundedMap<string, number>(MAX_KICKS);

  /** Remembers nobody yet. */
  constructor(clock: Clock = SYSTEM_CLOCK) {
    this.#clock = clock;
  }

  /** Keeps a viewer away for a minute from now. */
  add(viewer: Kickable): void {
    this.#until.set(keyOf(viewer), this.#clock.monotonic() + KICK_MS);
  }

  /** Returns for how many milliseconds a viewer is still kept away; 0 if they may come. */
  waitOf(viewer: Kickable): number {
    const until = this.#until.get(keyOf(viewer)) ?? 0;
    return Math.max(0, until - this.#clock.monotonic());
  }

  /** Returns until when a viewer is kept away, as wall time; 0 if they may come. */
  until(viewer: Kickable): number {
    const wait = this.waitOf(viewer);
    return wait === 0 ? 0 : this.#clock.wall() + wait;
  }
}

/** Returns whether a kick of one is a kick of the other. */
export function isSameViewer(one: Kickable, other: Kickable): boolean {
  return keyOf(one) === keyOf(other);
}

function keyOf({ id, client, device }: Kickable): string {
  return id ?? `${client} ${device}`;
}
