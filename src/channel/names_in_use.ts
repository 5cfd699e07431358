import { BoundedMap } from "../bounded_map.ts";
import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { fold } from "./fold.ts";
import { spelledLength } from "./name.ts";
import { skeletonOf } from "./skeleton.ts";

/** How long a name stays reserved after its author was last seen. Milliseconds. */
const HELD_MS = 4 * 60 * 60 * 1000;

/** The most authors whose names are reserved; beyond it, the longest unseen lose theirs. */
const MAX_HELD = 10_000;

interface Holder {
  readonly name: string;
  readonly keys: readonly string[];
  /** See {@linkcode spelledLength}. */
  readonly length: number;
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
  /** How many names there are of each length. */
  readonly #lengths = new Map<number, number>();

  /** Begins without any names. */
  constructor(clock: Pick<Clock, "monotonic"> = SYSTEM_CLOCK) {
    this.#clock = clock;
  }

  /** The length of the longest name in code points; see {@linkcode spelledLength}. 0 without names. */
  get longest(): number {
    return Math.max(0, ...this.#lengths.keys());
  }

  /** Returns whether someone else has this name, or one that looks like it. */
  isTaken(name: string, author: string | null): boolean {
    return this.#isTaken(keysOf(name), author);
  }

  /** Returns who has this name, or one that looks like it; `null` if nobody here does. */
  holderOf(name: string): { readonly author: string; readonly name: string } | null {
    for (const key of keysOf(name)) {
      const author = this.#authors.get(key);
      const holder = author === undefined ? undefined : this.#holders.get(author);
      if (author !== undefined && holder && this.#isHeld(author)) {
        return { author, name: holder.name };
      }
    }
    return null;
  }

  /** Reserves a name for an author who was just seen under it, unless someone else has it. */
  hold(name: string, author: string): void {
    const held = this.#holders.get(author);
    if (held) this.#free(author, held);
    this.#holders.delete(author);
    const { keys, length } = held?.name === name
      ? held
      : { keys: keysOf(name), length: spelledLength(name) };
    if (this.#isTaken(keys, author)) return;
    for (const key of keys) this.#authors.set(key, author);
    this.#lengths.set(length, (this.#lengths.get(length) ?? 0) + 1);
    const holder = { name, keys, length, seenAt: this.#clock.monotonic() };
    const dropped = this.#holders.set(author, holder);
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

  #free(author: string, { keys, length }: Holder): void {
    const others = this.#lengths.get(length)! - 1;
    if (others > 0) this.#lengths.set(length, others);
    else this.#lengths.delete(length);
    for (const key of keys) if (this.#authors.get(key) === author) this.#authors.delete(key);
  }
}

/** Returns what a name reads as, in its own and in small letters; a name of signs is itself. */
function keysOf(name: string): readonly string[] {
  const spellings = [...new Set([name, name.toLowerCase()])];
  const skeletons = spellings.map(skeletonOf).filter((key) => key !== "");
  return skeletons.length > 0 ? [...new Set(skeletons)] : [` ${fold(name)}`];
}
