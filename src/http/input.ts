import { z } from "zod";
import type { Refusal } from "../channel/refusal.ts";
import { HttpProblem } from "./problem.ts";

/** A field that a form has also where it is left empty, which counts as left out. */
export const optionalText = z.string().transform((text) => text.trim() || undefined).optional();

/** The same for a client's own name for what it sends. */
export const optionalKey = z.string().max(64).transform((key) => key || undefined).optional();

/**
 * The fields of a form, JSON object or query as a schema has them; other names are ignored.
 *
 * @throws {HttpProblem} 400 that names the first field that is wrong.
 */
export function readInput<T extends z.ZodType>(
  schema: T,
  fields: Readonly<Record<string, unknown>>,
): z.infer<T> {
  const { success, data, error } = schema.safeParse(fields);
  if (success) return data;
  const [{ path, message }] = error.issues;
  const received = JSON.stringify(fields[String(path[0])])?.slice(0, 60) ?? "nothing";
  const rule = message.replace(/^.*?: /, "").replace(/, received .*$/, "");
  throw new HttpProblem(400, `Set ${path.join(".")} otherwise (${rule}): ${received}`);
}

/**
 * What was refused, as an answer: 503 where it could not be kept, 429 where the person was too quick,
 * 400 otherwise.
 */
export function refusedProblem({ reason, retryAfter, storeFailed }: Refusal): HttpProblem {
  if (retryAfter === undefined) return new HttpProblem(400, reason);
  const seconds = Math.max(1, Math.ceil(retryAfter / 1000));
  return new HttpProblem(storeFailed ? 503 : 429, reason, { "retry-after": String(seconds) });
}

/** The same for what tells its reason alone. */
export function refuseFor(reason: string | null): void {
  if (reason !== null) throw new HttpProblem(400, reason);
}
