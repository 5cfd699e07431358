import { HttpProblem } from "./problem.ts";

/** A decimal number: no sign, no exponent. */
const DECIMAL = /^(?=\.?\d)\d{0,16}(?:\.\d{0,9})?$/;

/** Longest quotation of a wrong value. Characters. */
const MAX_QUOTED = 60;

/**
 * Returns the value of a parameter; `null` if it is absent.
 *
 * @throws {HttpProblem} 400 if it is present more than once.
 */
export function readText(query: URLSearchParams, name: string): string | null {
  const [first, second] = query.getAll(name);
  if (second === undefined) return first ?? null;
  throw new HttpProblem(400, `Give ${name} only once: ${quote(first)}, ${quote(second)}`);
}

/**
 * Returns the value of a parameter that is one of a few words; `undefined` if it is absent.
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

/** The numbers that a parameter takes. */
export interface NumberRange {
  /** Smallest number. */
  readonly min: number;
  /** Largest number. */
  readonly max: number;
  /** Whether it takes whole numbers only. */
  readonly isWhole?: boolean;
}

/**
 * Returns the value of a numeric parameter; `undefined` if it is absent.
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

/** Parses a decimal number; returns `null` if it is malformed or out of range. */
export function numberIn(text: string, { min, max, isWhole = false }: NumberRange): number | null {
  const number = DECIMAL.test(text) ? Number(text) : NaN;
  return number >= min && number <= max && (!isWhole || Number.isInteger(number)) ? number : null;
}

/** Describes a range in words: `a whole number from 1 to 100`. */
export function describeRange({ min, max, isWhole = false }: NumberRange): string {
  return `a ${isWhole ? "whole " : ""}number from ${min} to ${max}`;
}

/** Returns the problem for a known parameter with a wrong value. */
export function wrongValue(name: string, rule: string, text: string): HttpProblem {
  return new HttpProblem(400, `Set ${name} to ${rule}: ${quote(text)}`);
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, MAX_QUOTED));
}
