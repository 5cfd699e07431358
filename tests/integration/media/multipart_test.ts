import assert from "node:assert/strict";
import { frameOf } from "../../../src/media/packet.ts";
import { encodePart } from "../../../src/media/multipart.ts";
import { SOURCE } from "../../../src/media/rendition.ts";
import { decodeRgb, sampleJpeg } from "../../support/jpeg_samples.ts";

const text = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);
const frame = frameOf(new Uint8Array(), 7, 1_700_000_000_123);

Deno.test("padding after a JPEG changes nothing for decoders, and none complains", async () => {
  const jpeg = await sampleJpeg();
  const { bytes } = encodePart(frame, SOURCE, jpeg, 20_000);
  const start = text(bytes).indexOf("\r\n\r\n") + 4;
  const sent = bytes.slice(start, bytes.length - "\r\n--frame\r\n".length);
  assert.equal(sent.length, jpeg.length + 20_000);
  assert.deepEqual(await decodeRgb(sent), await decodeRgb(jpeg));
});
