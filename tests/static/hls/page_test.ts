import assert from "node:assert/strict";
import { bestLanguage, translatePage } from "../../../static/js/hls/page_language.js";
import { ServerTime } from "../../../static/js/hls/server_time.js";

const OFFERED = ["en", "de", "es", "fr", "zh-CN", "zh-TW"];

Deno.test("the page of HLS takes the first language that the viewer reads", () => {
  const cases = [
    [["de-AT", "en"], "de"],
    [["zh-HK"], "zh-TW"],
    [["zh-SG", "de"], "zh-CN"],
    [["nl", "fr-CA"], "fr"],
    [["nl"], "en"],
    [[], "en"],
    [["*", "es"], "es"],
  ] as const;
  for (const [wanted, best] of cases) assert.equal(bestLanguage(OFFERED, wanted), best);
});

Deno.test("the page of HLS does not take a refusal for its texts", async () => {
  const { fetch } = globalThis;
  const documentElement = { dataset: { languages: "en" }, lang: "" };
  let status = 503;
  Reflect.set(globalThis, "document", { documentElement, querySelectorAll: () => [] });
  globalThis.fetch = () => Promise.resolve(Response.json({}, { status }));
  try {
    await assert.rejects(translatePage(), /503/);
    assert.equal(documentElement.lang, "");
    status = 200;
    await translatePage();
    assert.equal(documentElement.lang, "en");
  } finally {
    globalThis.fetch = fetch;
    Reflect.deleteProperty(globalThis, "document");
  }
});

Deno.test("the server's time is that of the answer that was kept for the shortest time", () => {
  const time = new ServerTime();
  assert.equal(time.at(5_000), 5_000);
  // The device is 60 s late; answers are up to 2 s old.
  time.add(61_000, 2_900);
  time.add(62_950, 3_000);
  time.add(63_000, 5_000);
  assert.equal(time.at(10_000), 69_950);
});
