import { HttpProblem } from "./problem.ts";
import type { Call } from "./call.ts";

/** Longest address, and most headers, that any real client sends. */
const MAX_URL_LENGTH = 4096;
const MAX_HEADERS = 64;
/** Names, values and separators together. Bytes. */
const MAX_HEADER_BYTES = 16 * 1024;

/**
 * Refuses addresses and headers that are too long. Far longer ones never get here: the HTTP library
 * answers them with an empty 400.
 *
 * @throws {HttpProblem} 414 or 431.
 */
export function checkSize({ request }: Pick<Call, "request">): null {
  if (request.url.length > MAX_URL_LENGTH) {
    throw new HttpProblem(414, `Use a URL of at most ${MAX_URL_LENGTH} characters`);
  }
  let count = 0, bytes = 0;
  for (const [name, value] of request.headers) {
    count++;
    bytes += name.length + value.length + ": \r\n".length;
  }
  if (count > MAX_HEADERS || bytes > MAX_HEADER_BYTES) {
    throw new HttpProblem(
      431,
      `Send at most ${MAX_HEADERS} headers, of ${MAX_HEADER_BYTES} bytes in total`,
    );
  }
  return null;
}
