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
