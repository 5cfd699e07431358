import assert from "node:assert/strict";
import fs from "node:fs";
import process from "node:process";
import { loadImageScript } from "../../src/pictures/imagescript.ts";

Deno.test("ImageScript is loaded without native code and environment, and leaves Node as it was", async () => {
  const { env } = process;
  const { readFile } = fs.promises;
  // It would look for its WebAssembly in a folder that is not there.
  Deno.env.set("IMAGESCRIPT_WASM_SIMD", "1");
  try {
    const { Image } = await loadImageScript();
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"><rect width="3" ' +
      'height="2" fill="#123456"/></svg>';
    const drawn = await Image.renderSVG(svg);
    assert.deepEqual([drawn.width, drawn.height], [3, 2]);
    assert.deepEqual([...drawn.bitmap.subarray(0, 4)], [0x12, 0x34, 0x56, 0xff]);
    await assert.rejects(drawn.encodeJPEG(), TypeError);
    assert.equal(process.env, env);
    assert.equal(fs.promises.readFile, readFile);
  } finally {
    Deno.env.delete("IMAGESCRIPT_WASM_SIMD");
  }
});
