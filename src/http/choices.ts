import { QUALITY_NAMES } from "../media/qualities.ts";
import { z } from "zod";
import { type ChoicesPatch, MODES } from "../consumers/session/choices.ts";
import { FILTERS } from "../media/rendition.ts";
import { HttpProblem } from "./problem.ts";

const choicesPatch = z.object({
  mode: z.enum(MODES),
  quality: z.enum(QUALITY_NAMES),
  filter: z.enum(FILTERS),
}).partial();

/**
 * Reads mode, quality and filter from the fields of a form or of JSON. Ignores other fields.
 *
 * @throws {HttpProblem} 400 that lists the possible values.
 */
export function readChoices(fields: Readonly<Record<string, unknown>>): ChoicesPatch {
  const { success, data, error } = choicesPatch.safeParse(fields);
  if (success) return data;
  const { path: [name], values } = error.issues[0] as { path: string[]; values?: string[] };
  const received = JSON.stringify(fields[name])?.slice(0, 60);
  throw new HttpProblem(400, `Set ${name} to one of ${values?.join(", ")}: ${received}`);
}
