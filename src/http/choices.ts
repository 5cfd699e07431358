import { z } from "zod";
import { type SettingsPatch, settingsPatch } from "../viewers/settings.ts";
import { HttpProblem } from "./problem.ts";

/**
 * Reads mode, quality and filter from a form, JSON or the query of an address. Other names are
 * ignored.
 *
 * @throws {HttpProblem} 400 that says which values there are.
 */
export function readChoices(fields: Readonly<Record<string, unknown>>): SettingsPatch {
  const { success, data, error } = settingsPatch.safeParse(fields);
  if (success) return data;
  const { path: [name], values } = error.issues[0] as { path: string[]; values?: string[] };
  const received = JSON.stringify(fields[name])?.slice(0, 60);
  throw new HttpProblem(400, `Set ${name} to one of ${values?.join(", ")}: ${received}`);
}

/**
 * Reads the most frames a second that a client wants; nothing when it does not say.
 *
 * @throws {HttpProblem} 400 when it is not a number from 0.1 to 1000.
 */
export function readFps(query: URLSearchParams): number | undefined {
  return readNumber(query, "fps", 0.1, 1000);
}

/**
 * Reads the most kilobits a second that a client wants, and gives bits a second; nothing when it
 * does not say.
 *
 * @throws {HttpProblem} 400 when it is not a number from 10 to 10,000,000.
 */
export function readMaxBits(query: URLSearchParams): number | undefined {
  const kilobits = readNumber(query, "max_kbps", 10, 10_000_000);
  return kilobits === undefined ? undefined : kilobits * 1000;
}

function readNumber(
  query: URLSearchParams,
  name: string,
  min: number,
  max: number,
): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const { success, data } = z.coerce.number().min(min).max(max).safeParse(text || NaN);
  if (success) return data;
  throw new HttpProblem(400, `Set ${name} to a number from ${min} to ${max}: "${text}"`);
}
