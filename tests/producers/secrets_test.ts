import assert from "node:assert/strict";
import fc from "fast-check";
import { diagnose } from "../../src/producers/ffmpeg/diagnosis.ts";
import { ffmpegPhrase } from "../../src/producers/ffmpeg/ffmpeg_phrases.ts";
import { resolveSource } from "../../src/producers/ffmpeg/resolve.ts";
import { parseSource } from "../../src/producers/ffmpeg/source.ts";
import { isDevice, nameSource, titleSource } from "../../src/producers/ffmpeg/source_name.ts";
import { waysFor } from "../../src/producers/ffmpeg/ways.ts";
import { UserError } from "../../src/errors.ts";
import { createLogger } from "../../src/log/log.ts";
import { parseOptions } from "../../src/terminal/options.ts";
import { recordingLog } from "../support/recording_log.ts";

/** So long a piece of a secret must not be seen anywhere. Characters. */
const PIECE = 4;

/** Letters that words are not made of, digits that the addresses below do not have, and whatever means something in an address. */
const secret = fc.string({
  unit: fc.constantFrom(..."QXZJKVW6868@/?#:%&=;+,.-_~ ü'\"<>|\\"),
  minLength: 8,
  maxLength: 24,
}).filter((text) => /^[QXZJKVW]/.test(text));

const scheme = fc.constantFrom("rtsp", "http", "https", "rtmp", "srt", "RTSP", "foo");

/** Addresses with a secret in each place there is, and some with a slip in them. */
const place = fc.constantFrom<(scheme: string, secret: string) => string>(
  (scheme, secret) => `${scheme}://admin:${secret}@10.0.0.7:554/live`,
  (scheme, secret) => `${scheme}://${secret}@cam/live`,
  (scheme, secret) => `${scheme}://admin:1234${secret}@cam`,
  (scheme, secret) => `${scheme}://cam/${secret}`,
  (scheme, secret) => `${scheme}://me:pw@cam/${secret}`,
  (scheme, secret) => `${scheme}://cam/user=admin_password=${secret}_channel=1.sdp`,
  (scheme, secret) => `${scheme}://10.0.0.7/live?token=${secret}`,
  (scheme, secret) => `${scheme}://10.0.0.7?${secret}`,
  (scheme, secret) => `${scheme}://10.0.0.7/live#${secret}`,
  // With an `@` in the password, what follows that is the host, as in any address.
  (scheme, secret) => `${scheme}://admin:${secret.replaceAll("@", "~")}/live`,
  (scheme, secret) => `${scheme}:/cam/${secret}`,
  (scheme, secret) => `${scheme}:\\\\cam\\${secret}`,
  (scheme, secret) => `${scheme}//admin:${secret}@cam/live`,
  (scheme, secret) => `${scheme} ://admin:${secret}@cam/live`,
  (scheme, secret) => `${scheme}:${secret}`,
  (_, secret) => `//cam/${secret}`,
  (_, secret) => `admin:${secret}@cam`,
  (_, secret) => `admin:${secret}@cam/live`,
  (_, secret) => `10.0.0.7/${secret}`,
  (_, secret) => `cam:554/${secret}`,
);

function assertHidden(text: string, secret: string, what: string): void {
  for (const known of [secret, encodeURIComponent(secret)]) {
    for (let i = 0; i + PIECE <= known.length; i++) {
      const piece = known.slice(i, i + PIECE);
      // Spaces and signs alone stand in any text.
      if (!/[QXZJKVW68]/.test(piece)) continue;
      assert.ok(!text.includes(piece), `${JSON.stringify(piece)} in ${what}: ${text}`);
    }
  }
}

/** What ffmpeg may write of an address, and what the source may make it write. */
function linesAbout(given: string, secret: string): string[] {
  return [
    `[http @ 0x5b] Opening '${given}' for reading`,
    `[tcp @ 0x5b] Failed to resolve hostname ${secret}: Name or service not known`,
    `[rtsp @ 0x5b] method DESCRIBE failed: 404 ${secret}`,
    `    title           : ${secret}`,
    `  Stream #0:0(${secret}): Video: h264 (${secret}), yuv420p, 64x48 [SAR 1:1], 25 fps`,
    `${given}: Invalid argument`,
  ];
}

const ENDS = [
  { hadFrames: false, stalled: false, astray: false, hadData: true, damaged: 0, oversized: 0 },
  { hadFrames: true, stalled: false, astray: false, hadData: true, damaged: 0, oversized: 0 },
  { hadFrames: false, stalled: true, astray: false, hadData: true, damaged: 0, oversized: 0 },
  { hadFrames: true, stalled: true, astray: false, hadData: true, damaged: 0, oversized: 0 },
  { hadFrames: false, stalled: true, astray: false, hadData: true, damaged: 2, oversized: 0 },
  { hadFrames: false, stalled: true, astray: false, hadData: true, damaged: 0, oversized: 2 },
  { hadFrames: false, stalled: false, astray: true, hadData: true, damaged: 0, oversized: 0 },
];

Deno.test("nothing that is said of a source has a piece of its secret", () => {
  fc.assert(
    fc.property(scheme, place, secret, (scheme, place, secret) => {
      const text = place(scheme, secret);
      const source = parseSource(text, "linux");
      assert.ok(source !== "auto");
      const say = (what: string, said: string) => assertHidden(said, secret, what);
      for (const wording of [nameSource(source), titleSource(source)]) {
        say("its name", Object.values(wording).join("\n"));
      }
      assert.ok(!isDevice(source), text);
      const given = source.kind === "url"
        ? waysFor(source, { width: 64, height: 48, fps: 5 }, "linux")[0].args.join(" ")
        : text;
      const lines = linesAbout(given, secret);
      for (const line of lines) say("a line of ffmpeg", ffmpegPhrase(line) ?? "");
      for (const end of ENDS) {
        for (let i = 0; i <= lines.length; i++) {
          const { reason } = diagnose(source, { ...end, lines: lines.slice(0, i) }, "linux");
          say("a reason", Object.values(reason).join("\n"));
        }
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("no error that names a source has a piece of its secret", async () => {
  const log = recordingLog();
  await fc.assert(
    fc.asyncProperty(scheme, place, secret, async (scheme, place, secret) => {
      const text = place(scheme, secret);
      for (const system of ["linux", "windows"] as const) {
        const listCameras = () => Promise.resolve([]);
        await resolveSource(text, { system, listCameras, log }).catch((error) => {
          assert.ok(error instanceof UserError);
          assertHidden(error.message, secret, "an error");
        });
      }
      const wrongFlags = [[`--soruce=${text}`], [`-I${text}`]];
      for (const args of [[text], ["8081", text], ...wrongFlags, ["--port", text]]) {
        try {
          parseOptions(args, { LIVESTREAM_FPS: text });
          assert.fail("Not refused");
        } catch (error) {
          assert.ok(error instanceof UserError, `${error}`);
          assertHidden(error.message, secret, `refusing ${args}`);
        }
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("the log masks an address that gets into it whole", () => {
  const inAddress = place.filter((place) => place("rtsp", "x").startsWith("rtsp://"));
  const plain = secret.filter((text) => !/[\s"'<>]/.test(text));
  fc.assert(fc.property(inAddress, plain, (place, secret) => {
    // Where the host was forgotten, a password is taken for it.
    fc.pre(!place("rtsp", "x").endsWith(":x/live"));
    const lines: string[] = [];
    const log = createLogger({ level: "debug", format: "json", write: (line) => lines.push(line) });
    log.info(`Cannot open "${place("rtsp", secret)}": refused`);
    assertHidden(lines.join(""), secret, "the log");
  }));
});
