import { BoundedMap } from "../bounded_map.ts";
import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { fold } from "./fold.ts";
import { skeletonOf } from "./skeleton.ts";

/** How long a name stays reserved after its author was last seen. Milliseconds. */
const HELD_MS = 4 * 60 * 60 * 1000;

/** The most authors whose names are reserved; beyond it, the longest unseen lose theirs. */
const MAX_HELD = 10_000;

interface Holder {
  readonly name: string;
  readonly keys: readonly string[];
  readonly seenAt: number;
}

/**
 * Reserves the names of authors who are here, so that nobody can impersonate them. Names that look
 * alike count as one. Nothing of it is stored: a name of long ago is free again.
 */
export class NamesInUse {
  readonly #clock: Pick<Clock, "monotonic">;
  /** By author, the longest unseen first. */
  readonly #holders = new BoundedMap<string, Holder>(MAX_HELD);
  readonly #authors = new Map<string, string>();

  /** Begins without any names. */
  constructor(clock: Pick<Clock, "monotonic"> = SYSTEM_CLOCK) {
    this.#clock = clock;
  }

  /** Returns whether someone else has this name, or one that looks like it. */
  isTaken(name: string, author: string | null): boolean {
    return this.#isTaken(keysOf(name), author);
  }

  /** Reserves a name for an author who was just seen under it, unless someone else has it. */
  hold(name: string, author: string): void {
    const held = this.#holders.get(author);
    if (held) this.#free(author, held);
    this.#holders.delete(author);
    const keys = held?.name === name ? held.keys : keysOf(name);
    if (this.#isTaken(keys, author)) return;
    for (const key of keys) this.#authors.set(key, author);
    const dropped = this.#holders.set(author, { name, keys, seenAt: this.#clock.monotonic() });
    if (dropped) this.#free(...dropped);
  }

  /** Renews the reservation of an author who is still here, if they have a name. */
  refresh(author: string): void {
    const holder = this.#holders.get(author);
    if (holder) this.#holders.set(author, { ...holder, seenAt: this.#clock.monotonic() });
  }

  #isTaken(keys: readonly string[], author: string | null): boolean {
    return keys.some((key) => {
      const other = this.#authors.get(key);
      return other !== undefined && other !== author && this.#isHeld(other);
    });
  }

  #isHeld(author: string): boolean {
    const holder = this.#holders.get(author);
    return holder !== undefined && this.#clock.monotonic() - holder.seenAt < HELD_MS;
  }

  #free(author: string, { keys }: Holder): void {
    for (const key of keys) if (this.#authors.get(key) === author) this.#authors.delete(key);
  }
}

/** Returns what a name reads as, in its own and in small letters; a name of signs is itself. */
function keysOf(name: string): readonly string[] {
  const skeletons = [name, name.toLowerCase()].map(skeletonOf).filter((key) => key !== "");
  return skeletons.length > 0 ? [...new Set(skeletons)] : [` ${fold(name)}`];
}
