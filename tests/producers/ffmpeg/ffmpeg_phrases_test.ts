import assert from "node:assert/strict";
import fc from "fast-check";
import { ffmpegPhrase } from "../../../src/producers/ffmpeg/ffmpeg_phrases.ts";

Deno.test("ffmpegPhrase quotes ffmpeg's own words and nothing that it repeats", () => {
  const cases: [line: string, phrase: string | null][] = [
    ["rtsp://me:pw@cam/key: Connection refused", "Connection refused"],
    ["/home/anna/secret.mp4: No such file or directory", "No such file or directory"],
    ["[http @ 0x5] HTTP error 404 Not Found at /key", "404 Not Found"],
    ["Server returned 401 Unauthorized (authorization failed)", "Server returned 401 Unauthorized"],
    ["[http @ 0x5] Opening 'http://cam/key' for reading", null],
    ["    title           : my secret", null],
    [
      "  Stream #0:0: Video: h264 (High), yuv420p, 1280x720 [SAR 1:1], 25 fps",
      "Video: h264, 1280x720",
    ],
    ["  Stream #0:0(my secret): Video: h264 (High), yuv420p, 64x48, 25 fps", "Video: h264, 64x48"],
  ];
  for (const [line, phrase] of cases) assert.equal(ffmpegPhrase(line), phrase, line);
});

Deno.test("ffmpegPhrase takes time in proportion to the line", () => {
  for (const piece of ["Video: ", "Stream #0:0: ", ", 1x1", "Connection ", ", "]) {
    const from = performance.now();
    ffmpegPhrase(piece.repeat(4000 / piece.length));
    assert.ok(performance.now() - from < 100, piece);
  }
});

Deno.test("ffmpegPhrase quotes nothing of random text", () => {
  fc.assert(fc.property(fc.string(), (text) => assert.equal(ffmpegPhrase(text), null)));
});
