import assert from "node:assert/strict";
import { deviceOf } from "../../src/http/device.ts";

const WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)";

for (
  const [userAgent, device] of [
    [
      `Mozilla/5.0 (Linux; Android 14; Pixel 8) ${WEBKIT} Chrome/126.0.0.0 Mobile Safari/537.36`,
      "Chrome on Android",
    ],
    [`Mozilla/5.0 (X11; Linux x86_64) ${WEBKIT} Chrome/126.0.0.0 Safari/537.36`, "Chrome on Linux"],
    [
      `Mozilla/5.0 (X11; Linux x86_64) ${WEBKIT} HeadlessChrome/126.0.0.0 Safari/537.36`,
      "Chrome on Linux",
    ],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 " +
      "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
      "Safari on iOS",
    ],
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0",
      "Firefox on Windows",
    ],
    ["Mozilla/5.0 (compatible)", "A browser"],
    ["VLC/3.0.20 LibVLC/3.0.20", "VLC"],
    ["curl/8.5.0", "curl"],
    ["Lavf/60.3.100", "ffmpeg"],
    ["mpv 0.35.1", "mpv"],
    ["python-requests/2.31", "python-requests"],
    ["<script>alert(1)</script>", "A program"],
    ["x".repeat(500), "A program"],
    ["", "A program"],
    [null, "A program"],
  ] as const
) {
  Deno.test(`device of ${JSON.stringify(userAgent)?.slice(0, 50)} is ${device}`, () => {
    assert.equal(deviceOf(userAgent), device);
  });
}
