import assert from "node:assert/strict";
import fc from "fast-check";
import { publishArguments } from "../../../src/consumers/publisher/arguments.ts";
import { parseTarget } from "../../../src/consumers/publisher/target.ts";
import { codePoint } from "../../support/code_point.ts";

Deno.test("the scheme of an address decides how it is published to", () => {
  const protocols = [
    ["rtmp://a.rtmp.youtube.com/live2/abcd-efgh", "rtmp", "rtmp://a.rtmp.youtube.com"],
    ["RTMPS://live.example:443/app/key", "rtmp", "rtmps://live.example:443"],
    ["rtsp://me:secret@10.0.0.7:8554/cam", "rtsp", "rtsp://10.0.0.7:8554"],
    ["srt://10.0.0.7:8890?streamid=publish:cam&passphrase=secret", "srt", "srt://10.0.0.7:8890"],
    ["https://example.com/cam/whip?token=secret", "whip", "https://example.com"],
  ];
  for (const [address, protocol, name] of protocols) {
    const target = parseTarget(address);
    assert.ok(target?.kind === "ffmpeg");
    assert.deepEqual([target.protocol, target.name], [protocol, name]);
    assert.equal(publishArguments(target).at(-1)!.slice(5), address.slice(5));
  }
});

Deno.test("HLS is uploaded to addresses that end with a slash, and written into folders", () => {
  for (const url of ["https://me:secret@example.com/live/", "http://10.0.0.7/"]) {
    const target = parseTarget(url);
    assert.ok(target?.kind === "upload" && target.url.href === url, url);
  }
  for (const path of ["/var/www/live", "./live", "../live/", ".", ".."]) {
    assert.deepEqual(parseTarget(path, false), { kind: "folder", path });
  }
  for (const path of ["C:\\www\\live", "c:/www", ".\\live", "\\\\server\\share", "./live", "D:."]) {
    assert.deepEqual(parseTarget(path, true), { kind: "folder", path });
  }
  const whip = parseTarget("https://example.com/whip/");
  assert.equal(whip?.kind, "ffmpeg");
});

Deno.test("other addresses are refused", () => {
  const others = [
    ...["", "rtmp", "rtmp://", "rtmp:///app", "rtmp://:1935/app", "file:///etc/passwd", "-i"],
    ...["https://example.com/live", "http://example.com/whipped", "tcp://10.0.0.7:9000"],
    ...["rtmp://host/app live=1", "rtmp://host/a\nb", `rtmp://host/${"x".repeat(1_000)}`],
    ...["pipe:1", "tee:a|b", "__proto__://host/a", "constructor://host/a"],
    // Whatever uploads could not reach, or log in to.
    ...[
      "https://[::1]/",
      "https://[2001:db8::1]:8443/live/",
      "https://me:50%off@example.com/live/",
    ],
    // Mistyped keys and names, as likely as folders.
    ...["public", "www/live", ".hidden", "...", "C:", "C:www"],
  ];
  for (const address of others) {
    assert.equal(parseTarget(address, false), null, address);
    assert.equal(parseTarget(address, true), null, address);
  }
  assert.equal(parseTarget("C:\\www", false), null);
});

Deno.test("an address is never an option of ffmpeg's", () => {
  fc.assert(fc.property(fc.string({ unit: codePoint }), (text) => {
    for (const address of [text, `rtmp://${text}`, `srt://${text}`]) {
      const target = parseTarget(address);
      if (target?.kind === "ffmpeg") assert.match(target.url, /^(rtmps?|rtsp|srt|https?):\/\//);
    }
  }));
});
