import type { Masks } from "./masks.ts";

/** A value that JSON can hold. */
export type Plain = null | boolean | number | string | readonly Plain[] | {
  readonly [name: string]: Plain;
};

/** The longest text that is not cut. Characters. */
const MAX_LENGTH = 1000;
/** How much of a longer text is searched for secrets: the rest is cut anyway. Characters. */
const LOOKED_AT = 4 * MAX_LENGTH;
const MAX_ENTRIES = 50;
const MAX_DEPTH = 4;

/** Returns a text without its secrets, cut if it is too long. */
export function plainText(text: string, masks: Masks): string {
  return cut(masks.mask(text.slice(0, LOOKED_AT)), text.length);
}

/**
 * Returns any value as JSON can hold it, without its secrets. Cuts texts, lists and objects that are too
 * long or too deep; returns `undefined` for what JSON leaves out.
 *
 * @param name The name of the value's field.
 */
export function plainValue(
  name: string,
  value: unknown,
  masks: Masks,
  depth = 0,
): Plain | undefined {
  if (value === undefined || value === null || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value !== "object") return plainField(name, String(value), masks);
  if (value instanceof Error) return plainField(name, value.message, masks);
  if (value instanceof Date || value instanceof URL) {
    return plainField(name, JSON.stringify(value).slice(1, -1), masks);
  }
  if (depth >= MAX_DEPTH) return "…";
  if (Array.isArray(value)) {
    return value.slice(0, MAX_ENTRIES).map((each) =>
      plainValue(name, each, masks, depth + 1) ?? null
    );
  }
  const entries = Object.entries(value).slice(0, MAX_ENTRIES).flatMap(([key, each]) => {
    const plain = plainValue(key, each, masks, depth + 1);
    return plain === undefined ? [] : [[key, plain] as const];
  });
  return Object.fromEntries(entries);
}

function plainField(name: string, text: string, masks: Masks): string {
  return cut(masks.maskField(name, text.slice(0, LOOKED_AT)), text.length);
}

function cut(text: string, length: number): string {
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH)}… (${length} characters)`;
}
