import { Buffer } from "node:buffer";
import { HttpProblem } from "./problem.ts";
import { decodeForm } from "./text_encoding.ts";

/** Longest request body that is read. Bytes. */
const MAX_BODY_BYTES = 16 * 1024;

/**
 * Reads the fields of a form or JSON object from the body. An empty body has none.
 *
 * @throws {HttpProblem} 413 if the body is too long, 415 for other types, 400 if it is malformed.
 */
export async function readFields(request: Request): Promise<Record<string, unknown>> {
  const type = request.headers.get("content-type")?.split(";")[0].trim().toLowerCase();
  const body = await readBody(request);
  if (body.length === 0) return {};
  if (type === "application/x-www-form-urlencoded") return Object.fromEntries(decodeForm(body));
  if (type !== "application/json") {
    throw new HttpProblem(415, "Send a form or application/json");
  }
  const value = parseJson(new TextDecoder().decode(body));
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new HttpProblem(400, "Send a JSON object");
  }
  return { ...value };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpProblem(400, "The body is not valid JSON");
  }
}

async function readBody(request: Request): Promise<Uint8Array> {
  const tooLong = new HttpProblem(413, `Send at most ${MAX_BODY_BYTES} bytes`, {
    connection: "close",
  });
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) throw tooLong;
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of request.body ?? []) {
      length += chunk.length;
      if (length > MAX_BODY_BYTES) throw tooLong;
      chunks.push(chunk);
    }
  } catch (error) {
    if (error === tooLong) throw error;
    throw new HttpProblem(400, "The body is incomplete, or its encoding is wrong");
  }
  return Buffer.concat(chunks);
}

/** Whether a page without JavaScript sent the body as a form, and expects a page in response. */
export function isForm(request: Request): boolean {
  const type = request.headers.get("content-type") ?? "";
  return type.startsWith("application/x-www-form-urlencoded");
}
