import type { Refusal } from "./frame_store.ts";
import { Queue } from "./timed_queue.ts";

/** A part of a {@linkcode CircularSpace}. */
export interface Region {
  /** Where it begins. */
  readonly from: number;
  /** Where it ends. */
  readonly to: number;
}

/**
 * Hands out regions of a space one behind the other, and begins again at its start. Regions are freed in the order
 * in which they were taken; those that are held are jumped over until they are released.
 */
export class CircularSpace {
  /** How large it is. */
  readonly size: number;
  readonly #taken = new Queue<Region>();
  readonly #held = new Map<Region, number>();
  /** The held regions, sorted, those that touch as one; `null` if it has to be made again. */
  #walls: readonly Region[] | null = null;
  #cursor = 0;
  #used = 0;

  /** Is free. */
  constructor(size: number) {
    this.size = size;
  }

  /** How much is taken. */
  get used(): number {
    return this.#used;
  }

  /** Takes a region of that length; `full` until the oldest one is freed, `blocked` by those that are held. */
  take(length: number): Region | Refusal {
    const oldest = this.#taken.first;
    let from = this.#placeFor(length);
    if (from === null) {
      from = this.#placeBetween(0, this.size, length);
      if (from === null) return "blocked";
      if (oldest) return "full";
    }
    const to = from + length;
    if (oldest) {
      const free = this.#distance(oldest.from);
      const needed = this.#distance(to) || this.size;
      if (needed > free) return "full";
    }
    const region = { from, to };
    this.#taken.push(region);
    this.#used += length;
    this.#cursor = to % this.size;
    return region;
  }

  /** Frees the region that was taken the longest time ago. */
  free(region: Region): void {
    if (this.#taken.first !== region) throw new RangeError("Regions are freed in their order");
    this.#taken.shift();
    this.#used -= region.to - region.from;
  }

  /** Keeps a region from being taken again, though it may be freed. Each call needs a {@linkcode release}. */
  hold(region: Region): void {
    this.#held.set(region, (this.#held.get(region) ?? 0) + 1);
    this.#walls = null;
  }

  /** Undoes one {@linkcode hold}. */
  release(region: Region): void {
    const count = (this.#held.get(region) ?? 0) - 1;
    if (count > 0) this.#held.set(region, count);
    else this.#held.delete(region);
    this.#walls = null;
  }

  /** Returns how far it is from the cursor on to a position. */
  #distance(position: number): number {
    return (position - this.#cursor + this.size) % this.size;
  }

  /** Returns where the next region may begin, as far as held ones are concerned. */
  #placeFor(length: number): number | null {
    return this.#placeBetween(this.#cursor, this.size, length) ??
      this.#placeBetween(0, this.#cursor, length);
  }

  #placeBetween(from: number, to: number, length: number): number | null {
    this.#walls ??= merged([...this.#held.keys()]);
    let place = from;
    for (const wall of this.#walls) {
      if (wall.to > place && wall.from < place + length) place = wall.to;
    }
    return place + length <= to ? place : null;
  }
}

function merged(regions: Region[]): Region[] {
  const walls: { from: number; to: number }[] = [];
  for (const { from, to } of regions.sort((a, b) => a.from - b.from)) {
    const last = walls.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else walls.push({ from, to });
  }
  return walls;
}
