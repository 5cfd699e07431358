import type { Refusal, Refused } from "../channel/refusal.ts";
import type { Schema } from "../schema.ts";
import { HttpProblem } from "./problem.ts";

/** Returns a text without space around it; `undefined` for none, as forms send fields left empty. */
export function blankAsAbsent(text: string): string | undefined {
  return text.trim() || undefined;
}

/**
 * Parses the fields of a form, JSON object or query by a schema. Ignores other fields.
 *
 * @throws {HttpProblem} 400 that names the first wrong field.
 */
export function readInput<T>(schema: Schema<T>, fields: Readonly<Record<string, unknown>>): T {
  const result = schema.safeParse(fields);
  if (result.success) return result.data;
  const [{ path, message }] = result.error.issues;
  const received = JSON.stringify(fields[String(path[0])])?.slice(0, 60) ?? "nothing";
  const rule = message.replace(/^.*?: /, "").replace(/, received .*$/, "");
  throw new HttpProblem(400, `Change ${path.join(".")} (${rule}): ${received}`);
}

/**
 * Returns the problem for what the channel refused: 503 if it could not be stored, 429 if the sender
 * was too fast, otherwise 400.
 */
export function refusedProblem({ retryAfter, storeFailed, ...explanation }: Refusal): HttpProblem {
  if (retryAfter === undefined) return new HttpProblem(400, explanation);
  const seconds = Math.max(1, Math.ceil(retryAfter / 1000));
  return new HttpProblem(storeFailed ? 503 : 429, explanation, { "retry-after": String(seconds) });
}

/** Throws the problem for a refusal, 400 if it has only a reason; does nothing for `null`. */
export function refuseFor(refusal: Refused | string | null): void {
  if (refusal === null) return;
  throw typeof refusal === "string"
    ? new HttpProblem(400, refusal)
    : refusedProblem(refusal.refused);
}
