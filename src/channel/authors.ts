import { createHmac } from "node:crypto";
import { BoundedMap } from "../bounded_map.ts";

/** Viewers whose author is not computed anew; the longest unseen are forgotten. */
const MAX_REMEMBERED = 10_000;

/**
 * Stands for viewers in public. A viewer's id is a secret: who has it can write in their name. An
 * author is made from it by HMAC-SHA-256 with a key of this server, 128 bits in base64url: always
 * the same for the same viewer, and no way back.
 */
export class Authors {
  readonly #secret: Uint8Array;
  readonly #authors = new BoundedMap<string, string>(MAX_REMEMBERED);

  constructor(secret: Uint8Array) {
    this.#secret = secret;
  }

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

/** The hue of an author's name, 0..359 degrees; spread evenly over authors. */
export function hueOf(author: string): number {
  let hash = 0;
  for (const unit of author) hash = (Math.imul(hash, 31) + unit.codePointAt(0)!) >>> 0;
  return hash % 360;
}
