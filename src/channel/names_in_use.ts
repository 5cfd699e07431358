import { BoundedMap } from "../bounded_map.ts";
import { fold } from "./fold.ts";
import { skeletonOf } from "./skeleton.ts";

/** How long a name is kept for who was last seen under it. Milliseconds. */
const HELD_MS = 4 * 60 * 60 * 1000;

/** People whose names are kept; the longest unseen are forgotten. */
const MAX_HELD = 10_000;

interface Holder {
  readonly name: string;
  readonly keys: readonly string[];
  readonly seenAt: number;
}

/**
 * Who goes by what name, so that nobody can speak in the name of another who is here. Names that
 * look alike count as one. What is known goes with the program: a name of long ago is free again.
 */
export class NamesInUse {
  readonly #now: () => number;
  /** By author, the longest unseen first. */
  readonly #holders = new BoundedMap<string, Holder>(MAX_HELD);
  readonly #authors = new Map<string, string>();

  /** @param now Milliseconds of a monotonic clock. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether someone else goes by this name, or by one that looks like it. */
  isTaken(name: string, author: string | null): boolean {
    return this.#isTaken(keysOf(name), author);
  }

  /** Keeps a name for an author who was just seen under it, unless someone else has it. */
  hold(name: string, author: string): void {
    const held = this.#holders.get(author);
    if (held) this.#free(author, held);
    this.#holders.delete(author);
    const keys = held?.name === name ? held.keys : keysOf(name);
    if (this.#isTaken(keys, author)) return;
    for (const key of keys) this.#authors.set(key, author);
    const forgotten = this.#holders.set(author, { name, keys, seenAt: this.#now() });
    if (forgotten) this.#free(...forgotten);
  }

  /** Keeps the name that an author has, if there is one, as they are still here. */
  refresh(author: string): void {
    const holder = this.#holders.get(author);
    if (holder) this.#holders.set(author, { ...holder, seenAt: this.#now() });
  }

  #isTaken(keys: readonly string[], author: string | null): boolean {
    return keys.some((key) => {
      const other = this.#authors.get(key);
      return other !== undefined && other !== author && this.#isHeld(other);
    });
  }

  #isHeld(author: string): boolean {
    const holder = this.#holders.get(author);
    return holder !== undefined && this.#now() - holder.seenAt < HELD_MS;
  }

  #free(author: string, { keys }: Holder): void {
    for (const key of keys) if (this.#authors.get(key) === author) this.#authors.delete(key);
  }
}

/** What a name reads as, in capitals as written and in small letters; a name of signs is itself. */
function keysOf(name: string): readonly string[] {
  const skeletons = [name, name.toLowerCase()].map(skeletonOf).filter((key) => key !== "");
  return skeletons.length > 0 ? [...new Set(skeletons)] : [` ${fold(name)}`];
}
