import assert from "node:assert/strict";
import fc from "fast-check";
import { OPENING } from "../../../src/media/multipart.ts";
import { Rendition } from "../../../src/media/rendition.ts";
import { encodeVideoPart } from "../../../src/media/video_part.ts";
import { MultipartReader, type Part } from "../../../static/js/multipart_reader.js";
import { videoPacketOf } from "../../../static/js/video/video_packet.js";

const RENDITION = Rendition.of({ codec: "h264", quality: 45, scale: 1, filter: "none" });

const bytes = (minLength: number) => fc.uint8Array({ minLength, maxLength: 40 });

Deno.test("a page reads the packets that the server encodes", () => {
  const packets = fc.record({
    record: bytes(7),
    data: bytes(1),
    isKey: fc.boolean(),
    index: fc.nat(),
    sequence: fc.nat(),
    at: fc.nat(),
    padding: fc.nat({ max: 20 }),
  });
  fc.assert(fc.property(packets, ({ record, data, padding, ...packet }) => {
    const configuration = {
      record: Uint8Array.from(record),
      codec: "avc1.42c01f",
      width: 1280,
      height: 720,
    };
    const sent = { track: "video", data: Uint8Array.from(data), configuration, ...packet } as const;
    const reader = new MultipartReader({ boundary: "frame" });
    reader.push(OPENING);
    const [part] = reader.push(encodeVideoPart(sent, RENDITION, padding).bytes);
    const read = videoPacketOf(part);
    assert.deepEqual([...read.data], [...data]);
    assert.equal(read.isKey, packet.isKey);
    assert.equal(read.index, packet.index);
    assert.equal(read.sequence, packet.sequence);
    assert(Math.abs(read.at! - packet.at) < 0.001);
    assert.equal(read.quality, "45");
    const [, ...profile] = record;
    const codec = profile.slice(0, 3).map((byte) => byte.toString(16).padStart(2, "0")).join("");
    if (!packet.isKey) assert.equal(read.configuration, null);
    else {
      assert.deepEqual([...read.configuration!.record], [...record]);
      assert.deepEqual({ ...read.configuration, record: null }, {
        record: null,
        codec: `avc1.${codec}`,
        width: 1280,
        height: 720,
      });
    }
  }));
});

Deno.test("a page refuses packets with unreadable headers", () => {
  const key = { "x-index": "1", "x-configuration": btoa("1234567"), "x-size": "2x2" };
  const part = (headers: Record<string, string>): Part => ({
    headers: new Map(Object.entries(headers)),
    body: new Uint8Array(3),
  });
  assert(videoPacketOf(part(key)).isKey);
  for (
    const headers of [
      {},
      { "x-index": "one" },
      { "x-index": "1", "x-padding": "3" },
      { "x-index": "1", "x-padding": "-1" },
      { ...key, "x-configuration": "?" },
      { ...key, "x-configuration": "" },
      { ...key, "x-size": "2" },
    ] as Record<string, string>[]
  ) {
    assert.throws(() => videoPacketOf(part(headers)), SyntaxError, JSON.stringify(headers));
  }
});
