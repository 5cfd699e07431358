import assert from "node:assert/strict";
import { Redirects, sameHostRedirect } from "../../../src/producers/ffmpeg/redirects.ts";
import { recordingLog } from "../../support/recording_log.ts";

Deno.test("a redirect leads to another path, port or scheme of the same host", () => {
  const from = "http://me:p%2Fw@cam:8080/live?x=1";
  const cases: [location: string, address: string | null][] = [
    ["/other", "http://me:p%2Fw@cam:8080/other"],
    ["http://cam:8080/a", "http://me:p%2Fw@cam:8080/a"],
    ["https://cam/live", "https://cam/live"],
    ["http://CAM:81/a", "http://cam:81/a"],
    ["http://cam.example/", null],
    ["//inside/", null],
    ["http://cam@inside/", null],
    ["http://127.0.0.1/", null],
    ["file:///etc/passwd", null],
    ["file://cam/etc/passwd", null],
    ["rtsp://cam/", null],
    ["http://", null],
  ];
  for (const [location, address] of cases) {
    assert.equal(sameHostRedirect(from, location), address, location);
  }
});

/** How ffmpeg ends without a picture. */
const END = { startFailure: null, lines: [], hadFrames: false, astray: false };

function redirectsOf(url: string): Redirects {
  const ffmpeg = { program: "/nonexistent", system: "linux", log: recordingLog() } as const;
  return new Redirects({ source: { kind: "url", url }, ffmpeg });
}

Deno.test("a page is asked for its stream once, and then is what it was", async () => {
  const redirects = redirectsOf("http://me:secret@cam/");
  const page = { ...END, isPage: true };
  assert.equal(await redirects.follow(page), null);
  assert.deepEqual(redirects.target, { kind: "url", url: "http://me:secret@cam/stream" });
  assert.deepEqual(await redirects.follow(page), page);
  const missing = { ...END, lines: ["http://cam/stream: Server returned 404 Not Found"] };
  assert.deepEqual(await redirects.follow(missing), { ...missing, isPage: true });
  redirects.reset({ kind: "url", url: "http://cam/video" });
  assert.deepEqual(await redirects.follow(missing), missing);
});

Deno.test("a page that can be no livestream's is not asked for a stream", async () => {
  for (const url of ["http://cam/index.html", "http://cam/?action=stream", "http://cam/stream"]) {
    const redirects = redirectsOf(url);
    const page = { ...END, isPage: true };
    assert.deepEqual(await redirects.follow(page), page);
    assert.deepEqual(redirects.target, { kind: "url", url });
  }
});

Deno.test({
  name: "a redirect to a long address, as with a signed token, is read in full",
  ignore: Deno.build.os === "windows",
  async fn() {
    const path = `/live?token=${"x".repeat(900)}`;
    const program = await Deno.makeTempFile();
    await Deno.writeTextFile(
      program,
      `#!/bin/sh\necho "[http @ 0x5b6cbc] header='Location: ${path}'" >&2\n`,
    );
    await Deno.chmod(program, 0o700);
    const redirects = new Redirects({
      source: { kind: "url", url: "http://cam/" },
      ffmpeg: { program, system: "linux", log: recordingLog() },
    });
    const end = await redirects.follow({
      ...{ startFailure: null, wrongWay: false, stalled: false, astray: false, hadData: false },
      ...{ hadFrames: false, liveFor: 0, damaged: 0, oversized: 0 },
      lines: ["http://cam/: Input/output error"],
    });
    await Deno.remove(program);
    assert.equal(end, null);
    assert.deepEqual(redirects.target, { kind: "url", url: `http://cam${path}` });
  },
});
