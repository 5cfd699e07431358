import { createHmac } from "node:crypto";
import { BoundedMap } from "../bounded_map.ts";

/** Viewers whose author is cached; beyond it, the longest unseen are dropped. */
const MAX_CACHED = 10_000;

/**
 * Derives a public author from each viewer's id. The id is a secret: anyone who has it can write in
 * that viewer's name. The author is its HMAC-SHA-256 with a key of this server, cut to 128 bits, in
 * base64url: always the same for the same viewer, and not reversible.
 */
export class Authors {
  readonly #secret: Uint8Array;
  readonly #authors = new BoundedMap<string, string>(MAX_CACHED);

  /** Derives authors with this key. */
  constructor(secret: Uint8Array) {
    this.#secret = secret;
  }

  /** Returns the author that stands for a viewer. */
  authorOf(viewer: string): string {
    const author = this.#authors.get(viewer) ?? this.#hash(viewer);
    this.#authors.set(viewer, author);
    return author;
  }

  #hash(viewer: string): string {
    const digest = createHmac("sha256", this.#secret).update(viewer).digest();
    return digest.subarray(0, 16).toString("base64url");
  }
}

/** Returns the hue of an author's name, 0..359 degrees, spread evenly over authors. */
export function hueOf(author: string): number {
  let hash = 0;
  for (const unit of author) hash = (Math.imul(hash, 31) + unit.codePointAt(0)!) >>> 0;
  return hash % 360;
}
