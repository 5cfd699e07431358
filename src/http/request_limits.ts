import { HttpProblem } from "./problem.ts";
import type { Call } from "./router.ts";

/** The longest address, and the most headers, that any client of ours has a use for. */
const MAX_URL_LENGTH = 4096;
const MAX_HEADERS = 64;
/** Names and values together, with what stands between them on the wire. Bytes. */
const MAX_HEADER_BYTES = 16 * 1024;

/**
 * Refuses addresses and headers that are too long. What is longer by far the HTTP library refuses
 * before, with an empty 400.
 *
 * @throws {HttpProblem} 414 or 431.
 */
export function checkSize({ request }: Pick<Call, "request">): null {
  if (request.url.length > MAX_URL_LENGTH) {
    throw new HttpProblem(414, `Ask with an address of at most ${MAX_URL_LENGTH} characters`);
  }
  let count = 0, bytes = 0;
  for (const [name, value] of request.headers) {
    count++;
    bytes += name.length + value.length + ": \r\n".length;
  }
  if (count > MAX_HEADERS || bytes > MAX_HEADER_BYTES) {
    throw new HttpProblem(
      431,
      `Send at most ${MAX_HEADERS} headers of ${MAX_HEADER_BYTES} bytes together`,
    );
  }
  return null;
}
