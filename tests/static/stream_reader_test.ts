import assert from "node:assert/strict";
import { frameOf } from "../../src/media/packet.ts";
import { encodePart, MULTIPART_CONTENT_TYPE, OPENING } from "../../src/media/multipart.ts";
import { SOURCE } from "../../src/media/rendition.ts";
import { readStream } from "../../static/js/stream_reader.js";
import { refusalText } from "../../static/js/text.js";
import { FakeTime } from "../support/fake_time.ts";
import "../support/page_texts.ts";

const HEADERS = { "content-type": MULTIPART_CONTENT_TYPE };
const JPEG = new Uint8Array([1, 2, 3]);
const PART = encodePart(frameOf(JPEG, 1, 0), SOURCE, JPEG).bytes;

/** Lets what was promised happen. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A server that answers as given and obeys the abort signal, as `fetch` does. */
function serve(start: (body: ReadableStreamDefaultController<Uint8Array>) => void) {
  return (_url: string, { signal }: RequestInit) => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        signal!.addEventListener("abort", () => controller.error(signal!.reason), { once: true });
        start(controller);
      },
    });
    return Promise.resolve(new Response(body, { headers: HEADERS }));
  };
}

function read(fetch: (url: string, init: RequestInit) => Promise<Response>) {
  const parts: Uint8Array[] = [];
  const viewer = new AbortController();
  const { signal } = viewer;
  const over = readStream({
    url: "/stream",
    signal,
    fetch,
    onPart: ({ body }) => parts.push(body),
  });
  return { parts, over, leave: () => viewer.abort() };
}

Deno.test("stream reader passes on the parts and reports the end of the stream", async () => {
  const { parts, over } = read(serve((body) => {
    for (const bytes of [OPENING, PART, PART]) body.enqueue(bytes);
    body.close();
  }));
  assert.deepEqual(await over, { code: "stream-ended", values: undefined, status: 0 });
  assert.deepEqual(parts, [JPEG, JPEG]);
});

Deno.test("stream reader gives up after ten seconds of silence", async () => {
  using time = new FakeTime();
  let body!: ReadableStreamDefaultController<Uint8Array>;
  const { parts, over } = read(serve((controller) => body = controller));
  await settled();
  time.tick(9_000);
  body.enqueue(OPENING);
  body.enqueue(PART);
  await settled();
  time.tick(9_999);
  await settled();
  assert.equal(parts.length, 1);
  time.tick(1);
  assert.deepEqual(await over, { code: "stalled", values: { seconds: 10 }, status: 0 });
});

Deno.test("stream reader closes the connection when the viewer leaves", async () => {
  let aborted = false;
  const { over, leave } = read((url, init) => {
    init.signal!.addEventListener("abort", () => aborted = true);
    return serve(() => {})(url, init);
  });
  await settled();
  leave();
  await over;
  assert(aborted);
});

Deno.test("stream reader reports why there is no stream", async () => {
  const ended = async (answer: Response | Error) =>
    await read(() => answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer))
      .over;
  const full = Response.json({ error: "x", detail: "Full house" }, { status: 503 });
  const damaged = new Response("--frame\r\nno colon\r\n", { headers: HEADERS });
  for (
    const [answer, reason, status] of [
      [full, "Full house", 503],
      [new Response("<h1>Bad", { status: 502 }), "The server answered 502", 502],
      [new Response("hello"), "The server sent something other than a stream", 0],
      [damaged, "The stream is damaged", 0],
      [new TypeError("fetch failed"), "Can't reach the server", 0],
    ] as const
  ) {
    const end = await ended(answer);
    assert.deepEqual([refusalText(end), end.status], [reason, status]);
  }
});
