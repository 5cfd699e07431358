import assert from "node:assert/strict";
import fc from "fast-check";
import { clipName } from "../../src/channel/clip_name.ts";

const BEGIN = new Date(2026, 10, 26, 14, 3, 20);

Deno.test("clip's name has the title and the local time", () => {
  assert.equal(clipName("Bird box", BEGIN, "mp4"), "Bird box 2026-11-26 14.03.20.mp4");
  assert.equal(
    clipName(" 鳥/小屋: «live»\n", BEGIN, "gif"),
    "鳥 小屋 «live» 2026-11-26 14.03.20.gif",
  );
  assert.equal(clipName("...", BEGIN, "webp"), "Livestream 2026-11-26 14.03.20.webp");
});

Deno.test("clip's name is one that all systems accept, whatever the title", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), (title) => {
    const name = clipName(title, BEGIN, "mp4");
    assert(!/[\p{Cc}<>:"/\\|?*]/u.test(name));
    assert(name.isWellFormed());
    assert(/^[^. ].{0,200}$/u.test(name), name);
  }));
});
