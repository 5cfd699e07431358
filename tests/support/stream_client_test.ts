import assert from "node:assert/strict";
import { encodePart, MULTIPART_CONTENT_TYPE, OPENING } from "../../src/media/multipart.ts";
import { frameOf } from "../../src/media/packet.ts";
import { SOURCE } from "../../src/media/rendition.ts";
import { ChunkedReader } from "./chunked_reader.ts";
import { StreamClient } from "./stream_client.ts";

const utf8 = new TextEncoder();

Deno.test("chunked reader removes the framing, however the bytes arrive", () => {
  const bytes = utf8.encode("3\r\nabc\r\nA\r\n0123\r\n6789\r\n0\r\n\r\n");
  for (let step = 1; step <= bytes.length; step++) {
    const reader = new ChunkedReader();
    let text = "";
    for (let at = 0; at < bytes.length; at += step) {
      const pieces = reader.push(bytes.subarray(at, at + step));
      text += pieces.map((piece) => new TextDecoder().decode(piece)).join("");
    }
    assert.deepEqual([text, reader.isOver], ["abc0123\r\n6789", true], `${step} at a time`);
  }
});

Deno.test("stream client reads parts, and the end of a stream whose connection stays open", async () => {
  const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9);
  const parts = [7, 8].map((sequence) =>
    encodePart(frameOf(jpeg, sequence, Date.now()), SOURCE, jpeg).bytes
  );
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () =>
      new Response(ReadableStream.from([OPENING, ...parts]), {
        headers: { "content-type": MULTIPART_CONTENT_TYPE },
      }),
  );
  await using viewer = await StreamClient.open(`http://127.0.0.1:${server.addr.port}/`);
  await viewer.ended;
  assert.equal(viewer.isOver, true);
  assert.deepEqual(viewer.parts.map(({ sequence, jpeg }) => [sequence, jpeg]), [[7, jpeg], [
    8,
    jpeg,
  ]]);
});
