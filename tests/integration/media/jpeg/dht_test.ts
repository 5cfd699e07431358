import assert from "node:assert/strict";
import { insertHuffmanTables } from "../../../../src/media/jpeg/dht.ts";
import { sampleJpeg } from "../../../support/jpeg_samples.ts";

Deno.test("insertHuffmanTables leaves a picture with arithmetic coding as it is", async () => {
  for (const kinds of [["-arithmetic"], ["-arithmetic", "-progressive"]]) {
    const jpeg = await sampleJpeg({ cjpeg: kinds });
    assert.equal(insertHuffmanTables(jpeg), jpeg);
  }
});
