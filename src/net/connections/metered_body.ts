/** Bytes with a buffer of their own, as answers take them. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** The client has read something when it makes room for one more piece of this size. Bytes. */
const PIECE_BYTES = 16 * 1024;

const sharedBodies = new WeakMap<ReadableStream, Bytes>();

/**
 * Returns a body of these bytes that any number of answers can share: `new Response(bytes)` would copy
 * them. The answer needs a Content-Length, as the body is a stream for `Deno.serve`.
 */
export function sharedBody(bytes: Bytes): ReadableStream<Bytes> {
  const body = new ReadableStream<Bytes>({
    pull(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  }, { highWaterMark: 0 });
  sharedBodies.set(body, bytes);
  return body;
}

/**
 * Returns the same answer with a body that reports when the client reads more of it. `Deno.serve`
 * reports a body that is no stream as sent as soon as it is queued, and HTTP/2 queues whatever the
 * client's window has no room for.
 *
 * @param onLength Called with the length of the body before any of it is sent. Bytes.
 * @param onTake Called when the connection asks for more, which it does about 64 KiB ahead.
 */
export async function metered(
  response: Response,
  onLength: (bytes: number) => void,
  onTake: () => void,
): Promise<Response> {
  const { body } = response;
  if (!body) return response;
  const bytes = sharedBodies.get(body) ?? await response.bytes();
  onLength(bytes.length);
  let at = 0;
  const pieces = new ReadableStream<Bytes>({
    pull(controller) {
      onTake();
      if (at < bytes.length) controller.enqueue(bytes.subarray(at, at += PIECE_BYTES));
      if (at >= bytes.length) controller.close();
    },
  }, { highWaterMark: 0 });
  const answer = new Response(pieces, response);
  answer.headers.set("content-length", String(bytes.length));
  return answer;
}
