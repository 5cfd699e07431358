import type { Upstream } from "../../media/provenance.ts";
import { readPageAddress } from "./page_address.ts";

/** What another livestream says of a picture. */
export interface PartHead extends Upstream {
  /** Bytes of its body. */
  readonly length: number;
  /** When it was captured, by the clock of the machine that did. Milliseconds since the Unix epoch. */
  readonly timestamp: number;
  /** The same for a picture that is sent again. */
  readonly sequence: number;
}

/** The most programs that a picture may have passed. */
const MAX_VIA = 16;
const IDS = new RegExp(`^[0-9a-z]{1,16}(?:, ?[0-9a-z]{1,16}){0,${MAX_VIA - 1}}$`);

/**
 * Reads the head of a part, as `encodePart` writes it.
 *
 * @param text With the delimiter before it, and without the empty line after it.
 * @returns `null` if it is not that of a livestream's picture.
 */
export function readPartHead(text: string): PartHead | null {
  const fields = new Map<string, string>();
  for (const line of text.split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) fields.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  const via = fields.get("x-via") ?? "";
  const length = number(fields.get("content-length"), /^\d{1,9}$/);
  const seconds = number(fields.get("x-timestamp"), /^\d{1,11}(?:\.\d{1,9})?$/);
  const sequence = number(fields.get("x-sequence"), /^\d{1,15}$/);
  const isRead = length !== null && length > 0 && seconds !== null && sequence !== null;
  if (!isRead || fields.get("content-type") !== "image/jpeg" || !IDS.test(via)) return null;
  const origin = readPageAddress(fields.get("x-origin") ?? "");
  return { length, timestamp: seconds * 1000, sequence, via: via.split(/, ?/), origin };
}

function number(text: string | undefined, pattern: RegExp): number | null {
  return text !== undefined && pattern.test(text) ? Number(text) : null;
}
