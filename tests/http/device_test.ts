import assert from "node:assert/strict";
import fc from "fast-check";
import { deviceOf, LITERALS, nameDevice } from "../../src/http/device.ts";
import { cpuTime } from "../support/cpu_time.ts";

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
    [
      `Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) ${WEBKIT} Version/4.0 Chrome/126.0.0.0 ` +
      "Mobile Safari/537.36",
      "Chrome on Android",
    ],
    [
      `Mozilla/5.0 (Linux; Android 14; SM-S921B) ${WEBKIT} SamsungBrowser/25.0 Chrome/121.0.0.0 ` +
      "Mobile Safari/537.36",
      "Samsung Internet on Android",
    ],
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/126.0.0.0 Safari/537.36 Edg/126.0`,
      "Edge on Windows",
    ],
    [
      `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${WEBKIT} Chrome/126.0 Safari/537.36 OPR/112.0`,
      "Opera on macOS",
    ],
    [
      "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) " +
      "CriOS/126.0 Mobile/15E148 Safari/604.1",
      "Chrome on iOS",
    ],
    [`Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${WEBKIT} Chrome/126.0.0.0`, "Chrome on Chrome OS"],
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

Deno.test("device is read from the first 256 characters of a header only", () => {
  fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => {
    const header = `Mozilla/5.0 ${text}`;
    assert.equal(deviceOf(header), nameDevice(header.slice(0, 256)));
    assert.equal(deviceOf(header.padEnd(256).slice(0, 256) + "Firefox/1"), deviceOf(header));
  }));
});

/** Returns the fastest of three runs, so that a pause of the machine does not count. Milliseconds. */
function timeOf(action: () => unknown): number {
  return Math.min(...[1, 2, 3].map(() => {
    const start = cpuTime();
    action();
    return cpuTime() - start;
  }));
}

/** Prefixes of the repeated text that select each way of parsing. */
const opening = fc.constantFrom("", "Mozilla/5.0 (", "naver(", "Mozilla/");
/** Prefixes of literals, repeated, which are the worst case for a search that backtracks. */
const piece = fc.oneof(
  fc.constantFrom(...LITERALS),
  fc.constantFrom(...LITERALS).map((literal) => literal.slice(0, -1)),
  fc.constantFrom("1.", "/", " ", "(", "a", ".-+"),
  fc.string({ minLength: 1, maxLength: 8 }),
);

Deno.test("device takes time linear in the length of a header", () => {
  const size = 20_000;
  fc.assert(
    fc.property(opening, piece, (start, piece) => {
      const of = (length: number) => start + piece.repeat(Math.ceil(length / piece.length));
      const texts = [size, 2 * size, 4 * size].map(of);
      texts.forEach(nameDevice);
      const [short, , long] = texts.map((text) => timeOf(() => nameDevice(text)));
      // Four times the length takes 4 times as long if linear, 16 if quadratic. Below 0.2 ms is noise.
      assert(long! < Math.max(0.2, short!) * 10, `${short} ms, then ${long} ms: ${start}${piece}…`);
    }),
    { numRuns: 300 },
  );
});
