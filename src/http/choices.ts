import { z } from "zod";
import { type SettingsPatch, settingsPatch } from "../viewers/settings.ts";
import { HttpProblem } from "./problem.ts";

const fps = z.coerce.number().min(0.1).max(1000);

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
  if (!query.has("fps")) return undefined;
  const { success, data } = fps.safeParse(query.get("fps") || NaN);
  if (success) return data;
  throw new HttpProblem(400, `Set fps to a number from 0.1 to 1000: "${query.get("fps")}"`);
}
