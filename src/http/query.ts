import { HttpProblem } from "./problem.ts";

/** A decimal number: no sign, no exponent. */
const DECIMAL = /^(?=\.?\d)\d{0,16}(?:\.\d{0,9})?$/;

/** What is quoted of a wrong value. Characters. */
const MAX_QUOTED = 60;

/**
 * Returns the value of a parameter; `null` where it is not given.
 *
 * @throws {HttpProblem} 400 where it is given more than once.
 */
export function readText(query: URLSearchParams, name: string): string | null {
  const [first, second] = query.getAll(name);
  if (second === undefined) return first ?? null;
  throw new HttpProblem(400, `Give ${name} only once: ${quote(first)}, ${quote(second)}`);
}

/**
 * Returns the value of a parameter that is one of a few words; `undefined` where it is not given.
 *
 * @throws {HttpProblem} 400 that lists the words.
 */
export function readWord<T extends string>(
  query: URLSearchParams,
  name: string,
  words: readonly T[],
): T | undefined {
  const text = readText(query, name);
  if (text === null) return undefined;
  const word = words.find((word) => word === text);
  if (word === undefined) throw wrongValue(name, `one of ${words.join(", ")}`, text);
  return word;
}

/** Which numbers a parameter takes. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
  /** Whether it takes whole numbers alone. */
  readonly isWhole?: boolean;
}

/**
 * Returns the value of a numeric parameter; `undefined` where it is not given.
 *
 * @throws {HttpProblem} 400 that names the range.
 */
export function readNumber(
  query: URLSearchParams,
  name: string,
  range: NumberRange,
): number | undefined {
  const text = readText(query, name);
  if (text === null) return undefined;
  const number = numberIn(text, range);
  if (number === null) throw wrongValue(name, describeRange(range), text);
  return number;
}

/** Returns the number that a text is, if it is one of the range; else `null`. */
export function numberIn(text: string, { min, max, isWhole = false }: NumberRange): number | null {
  const number = DECIMAL.test(text) ? Number(text) : NaN;
  return number >= min && number <= max && (!isWhole || Number.isInteger(number)) ? number : null;
}

/** Describes a range in words: `a whole number from 1 to 100`. */
export function describeRange({ min, max, isWhole = false }: NumberRange): string {
  return `a ${isWhole ? "whole " : ""}number from ${min} to ${max}`;
}

/** The answer to a known parameter with a wrong value. */
export function wrongValue(name: string, rule: string, text: string): HttpProblem {
  return new HttpProblem(400, `Set ${name} to ${rule}: ${quote(text)}`);
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, MAX_QUOTED));
}
