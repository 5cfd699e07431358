import { HttpProblem } from "./problem.ts";

const CONTENT_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; " +
  "img-src 'self' blob: data:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'self'";

/** Sent with every answer: pages run only our own files, and nobody else embeds or sniffs them. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": CONTENT_POLICY,
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
};

/** What pages of the allowed origins may read; `/embed` alone may stand in their frames. */
const SHARED_PATHS = ["/stream", "/snapshot", "/snapshot.jpg", "/state"];
const FRAME_PATH = "/embed";

/**
 * What is sent instead of some of the security headers to pages of other origins that the streamer
 * allows; nothing while none are.
 *
 * @param origin Of the page that asks, if it says so.
 */
export function sharingHeaders(
  path: string,
  origin: string | null,
  allowedOrigins: readonly string[],
): Readonly<Record<string, string>> {
  if (allowedOrigins.length === 0) return {};
  if (path === FRAME_PATH) {
    return {
      "content-security-policy": [CONTENT_POLICY, ...allowedOrigins].join(" "),
      "cross-origin-resource-policy": "cross-origin",
    };
  }
  if (!SHARED_PATHS.includes(path)) return {};
  const isAllowed = origin !== null && allowedOrigins.includes(origin);
  return {
    "cross-origin-resource-policy": "cross-origin",
    vary: "origin",
    ...(isAllowed && {
      "access-control-allow-origin": origin,
      "access-control-expose-headers": "x-timestamp, x-sequence",
    }),
  };
}

/**
 * Lets a request that changes something pass only from our own pages, or from programs, which send
 * no Origin.
 *
 * @throws {HttpProblem} 403 when another site's page sent it.
 */
export function checkOrigin(request: Request): void {
  const origin = request.headers.get("origin");
  if (origin === null) return;
  const host = URL.canParse(origin) ? new URL(origin).host : null;
  if (host !== request.headers.get("host")) {
    throw new HttpProblem(403, `Open the stream's own page to do this: it was sent by ${origin}`);
  }
}

/** The longest request body that is read. Bytes. */
const MAX_BODY_BYTES = 16 * 1024;

/**
 * The fields of a form or of a JSON object in the body; none when it is empty.
 *
 * @throws {HttpProblem} 413 when it is too long, 415 for other types, 400 when it cannot be read.
 */
export async function readFields(request: Request): Promise<Record<string, unknown>> {
  const type = request.headers.get("content-type")?.split(";")[0].trim().toLowerCase();
  const text = await readText(request);
  if (text === "") return {};
  if (type === "application/x-www-form-urlencoded") {
    return Object.fromEntries(new URLSearchParams(text));
  }
  if (type !== "application/json") {
    throw new HttpProblem(415, "Send a form or application/json");
  }
  const value = parseJson(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new HttpProblem(400, "Send a JSON object");
  }
  return { ...value };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpProblem(400, "Send JSON: the body cannot be parsed");
  }
}

async function readText(request: Request): Promise<string> {
  const tooLong = new HttpProblem(413, `Send at most ${MAX_BODY_BYTES} bytes`, {
    connection: "close",
  });
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) throw tooLong;
  const decoder = new TextDecoder();
  let text = "", length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) throw tooLong;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Whether the body is a form of a page without JavaScript, which wants a page for an answer. */
export function isForm(request: Request): boolean {
  const type = request.headers.get("content-type") ?? "";
  return type.startsWith("application/x-www-form-urlencoded");
}
