import assert from "node:assert/strict";
import fc from "fast-check";
import { explainFailure } from "../../../src/consumers/publisher/failure.ts";

Deno.test("what ffmpeg says is explained", () => {
  const said = [
    ["[tcp @ 0x1] Connection to tcp://a:1935 failed: Connection refused", /nothing answers there/],
    ["[tcp @ 0x1] Failed to resolve hostname a.example: Name or service not known", /no host/],
    ["[rtmp @ 0x1] Server error: Already publishing", /somebody publishes there already/],
    ["[rtmp @ 0x1] Server error: authentication failed", /refuses the stream key/],
    ["method ANNOUNCE failed: 401 Unauthorized", /refuses the stream key/],
    ["rtmp://a/live/key: Connection timed out", /no answer/],
    ["av_interleaved_write_frame(): Broken pipe", /ended the connection/],
    ["rtmps://a/live/key: Input/output error", /ended the connection/],
    ["", /without a message/],
    ["something new", /not known here/],
  ] as const;
  for (const [line, reason] of said) assert.match(explainFailure(line), reason, line);
});

Deno.test("an address is no reason, and is not in one", () => {
  assert.match(explainFailure("rtmp://ssl.example/refused/Already-publishing: x"), /not known/);
  const key = fc.stringMatching(/^[XQZJ]{6,40}$/);
  fc.assert(fc.property(key, fc.constantFrom("Server error: ", "rtmp://host/"), (key, before) => {
    assert.ok(!explainFailure(`${before}${key}: Connection refused`).includes(key));
  }));
});
