import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeAddress, parseAddress, showAddress, showWord } from "../src/source_address.ts";
import { codePoint } from "./support/code_point.ts";

const CASES: readonly (readonly [text: string, shown: string, encoded: string])[] = [
  ["RTSP://cam/1", "rtsp://cam", "rtsp://cam/1"],
  ["rtsp://me:pw@[fe80::1]:554/1", "rtsp://[fe80::1]:554", "rtsp://me:pw@[fe80::1]:554/1"],
  ["rtsp://admin:pa/ss@host/live", "rtsp://host", "rtsp://admin:pa%2Fss@host/live"],
  ["rtsp://admin:pa#ss@host/live", "rtsp://host", "rtsp://admin:pa%23ss@host/live"],
  ["rtsp://admin:pa?ss@host/live", "rtsp://host", "rtsp://admin:pa%3Fss@host/live"],
  ["rtsp://admin:p@ss@host/live", "rtsp://host", "rtsp://admin:p%40ss@host/live"],
  ["rtsp://admin:p:a ß@host/1", "rtsp://host", "rtsp://admin:p%3Aa%20%C3%9F@host/1"],
  // What is encoded already stays so; a percent sign alone does not.
  ["http://me:100%25@h/", "http://h", "http://me:100%25@h/"],
  ["http://me:100%@h/", "http://h", "http://me:100%25@h/"],
  [
    "rtsp://cam/user=admin_password=X_channel=1.sdp",
    "rtsp://cam",
    "rtsp://cam/user=admin_password=X_channel=1.sdp",
  ],
  ["http://cam/a b?ü#c", "http://cam", "http://cam/a%20b?%C3%BC#c"],
  ["srt://h:1?passphrase=a b", "srt://h:1", "srt://h:1?passphrase=a b"],
  // A sound address is read as RFC 3986 says, but what may be a secret is not shown for its host.
  ["http://cam/video?user=a@b", "http://…", "http://cam/video?user=a@b"],
  ["rtsp://me:pw@10.0.0.7/a@b", "rtsp://…", "rtsp://me:pw@10.0.0.7/a@b"],
  ["rtsp://me:p@s/s@10.0.0.7/1", "rtsp://…", "rtsp://me:p%40s%2Fs@10.0.0.7/1"],
];

for (const [text, shown, encoded] of CASES) {
  Deno.test(`address ${text} is shown as ${shown}, and given to ffmpeg as ${encoded}`, () => {
    const address = parseAddress(text)!;
    assert.equal(showAddress(address), shown);
    assert.equal(encodeAddress(address), encoded);
  });
}

Deno.test("what does not begin like an address is none", () => {
  for (const text of ["", "a.mp4", "rtsp:/cam", "//cam/1", "C:\\a", "1a://b"]) {
    assert.equal(parseAddress(text), null);
  }
});

const credential = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) =>
  // What looks encoded is taken for that.
  !/%[\da-f]{2}/i.test(text) && !text.includes(":")
);

Deno.test("user name and password reach ffmpeg whole, whatever they hold", () => {
  fc.assert(fc.property(credential, credential, (user, password) => {
    // A user name with a slash and the like is a host with a path by RFC 3986.
    fc.pre(!/[/?#]/.test(user));
    // So are these: a host and its port, then a path.
    fc.pre(!/^\d{0,5}[/?#]/.test(password));
    const encoded = encodeAddress(parseAddress(`rtsp://${user}:${password}@10.0.0.7/live`)!);
    const [, ...parts] = /^rtsp:\/\/([\w.~%-]*):([\w.~%-]*)@10\.0\.0\.7\/live$/.exec(encoded) ?? [];
    assert.deepEqual(parts.map(decodeURIComponent), [user, password].map((s) => s.toWellFormed()));
  }));
});

Deno.test("an encoded address is made of letters that a URL may have", () => {
  fc.assert(fc.property(fc.string({ unit: codePoint }), (text) => {
    const address = parseAddress(`http://10.0.0.7/${text}`)!;
    assert.match(encodeAddress(address), /^http:\/\/[\x21-\x7e]*$/);
  }));
});

Deno.test("a word out of place is shown if it cannot be an address", () => {
  for (const word of ["80a", "/dev/video0", "a.mp4", "10.0.0.0/33", "--colour", "HD Webcam"]) {
    assert.equal(showWord(word), word);
  }
  assert.equal(showWord("rtsp://me:pw@cam/1"), "rtsp://cam");
  for (const word of ["me:pw@cam/1", "cam/key", "rtsp:/cam/key", "cam?token=key"]) {
    assert.equal(showWord(word), "…");
  }
});
