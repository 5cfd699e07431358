import { boundaryOf, MultipartReader } from "./multipart_reader.js";

/** @typedef {import("./multipart_reader.js").Part} Part */
/** @typedef {import("./player.js").StreamEnd} StreamEnd */
/** @typedef {import("../../src/channel/explanation.ts").ErrorCode} ErrorCode */

/**
 * Reads a multipart stream and passes on its parts as they arrive. Returns when the stream has ended, the server refused
 * it, or nothing arrived for `stallMs`.
 *
 * @param {object} options
 * @param {string} options.url
 * @param {AbortSignal} options.signal Aborting closes the connection.
 * @param {(part: Part) => void} options.onPart
 * @param {number} [options.stallMs]
 * @param {(url: string, init: RequestInit) => Promise<Response>} [options.fetch]
 * @returns {Promise<StreamEnd>} Why the stream ended.
 */
export async function readStream(options) {
  const { url, signal, onPart, stallMs = 10_000 } = options;
  const fetchStream = options.fetch ?? globalThis.fetch;
  const connection = new AbortController();
  const stop = () => connection.abort();
  let stalled = false;
  const stall = () => {
    stalled = true;
    connection.abort();
  };
  let timer = setTimeout(stall, stallMs);
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  try {
    const response = await fetchStream(url, { signal: connection.signal, cache: "no-store" });
    if (!response.ok || !response.body) return await refusalOf(response);
    const boundary = boundaryOf(response.headers.get("content-type") ?? "");
    if (boundary === null) {
      await response.body.cancel();
      return ended("no-stream");
    }
    const reader = new MultipartReader({ boundary });
    // Safari does not support `for await` here.
    const body = response.body.getReader();
    while (true) {
      const { done, value } = await body.read();
      if (done) return ended("stream-ended");
      clearTimeout(timer);
      timer = setTimeout(stall, stallMs);
      for (const part of reader.push(value)) onPart(part);
    }
  } catch (error) {
    if (stalled) return ended("stalled", { seconds: stallMs / 1000 });
    if (error instanceof SyntaxError) return ended("damaged");
    return ended("unreachable");
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    connection.abort();
  }
}

/**
 * @param {ErrorCode} code
 * @param {import("./format_text.js").TextValues} [values]
 * @returns {StreamEnd}
 */
function ended(code, values) {
  return { code, values, status: 0 };
}

/**
 * @param {Response} response
 * @returns {Promise<StreamEnd>}
 */
async function refusalOf(response) {
  const { status } = response;
  try {
    const { detail, code, values } = JSON.parse(await response.text());
    if (typeof detail === "string" && detail !== "") {
      return { reason: detail, code, values, status };
    }
  } catch {
    // Not JSON, perhaps from a proxy: report its status.
  }
  return { code: "unexplained", values: { status }, status };
}
