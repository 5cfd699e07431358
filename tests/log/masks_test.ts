import assert from "node:assert/strict";
import fc from "fast-check";
import { maskAddress, Masks } from "../../src/log/masks.ts";

const SECRET = "s3cr3t-Value_1";

for (
  const text of [
    `rtsp://admin:${SECRET}@10.0.0.7:554/live`,
    `Cannot open "http://user:p@${SECRET}@cam/": refused`,
    `rtsp://${SECRET}@host`,
    `rtsp://admin:pa/ss?${SECRET} and more@10.0.0.7/live`,
    `Cannot open "rtsp://10.0.0.7/${SECRET}": refused`,
    `rtsp://10.0.0.7?${SECRET}`,
    `rtsp://10.0.0.7/user=admin_password=${SECRET}_channel=1.sdp`,
    `http://10.0.0.7/video?user=a&password=${SECRET}&x=1`,
    `https://cdn.example/a.m3u8?access_token=${SECRET}`,
    `/stream?token=${SECRET}`,
    `PWD=${SECRET};`,
    `http://localhost:8081/studio#${SECRET}`,
    `Authorization: Bearer ${SECRET}`,
    `authorization: Basic ${btoa("viewer:" + SECRET)}`,
    `Cookie: viewer=1; session=${SECRET}`,
    `set-cookie: anything=${SECRET}; HttpOnly`,
    "viewer=0f8fad5b-d9cb-469f-a165-70867728950e",
  ]
) {
  Deno.test(`masks hide the secret in: ${text}`, () => {
    const masked = new Masks({ showsAddresses: true }).mask(text);
    assert(!masked.includes(SECRET) && !masked.includes(btoa("viewer:" + SECRET)), masked);
    assert(!masked.includes("0f8fad5b"), masked);
    assert.match(masked, /\*\*\*/);
  });
}

for (
  const text of [
    'Cannot open "rtsp://10.0.0.7": nothing answers there',
    "http://192.168.1.20:8081/",
    "Choose another with --port 8082",
    "Camera FaceTime HD Camera (/dev/video0): key frames come late",
    "size=1280x720 fps=30",
    "mail@example.org",
  ]
) {
  Deno.test(`masks leave alone: ${text}`, () => {
    assert.equal(new Masks({ showsAddresses: false }).mask(text), text);
  });
}

Deno.test("masks hide a field by its name, and a client's address", () => {
  const masks = new Masks({ showsAddresses: false });
  for (const name of ["password", "adminToken", "Set-Cookie", "authorization", "secret"]) {
    assert.equal(masks.maskField(name, "anything"), "***");
  }
  assert.equal(masks.maskField("client", "10.1.2.3"), "10.1.2.x");
  assert.equal(masks.maskField("address", "10.1.2.3"), "10.1.2.3");
});

Deno.test("masks do not hide a text that is too short to be a secret", () => {
  const masks = new Masks({ showsAddresses: false });
  masks.hide("");
  masks.hide("a");
  assert.equal(masks.mask("a banana"), "a banana");
});

for (
  const [address, masked] of [
    ["192.168.1.77", "192.168.1.x"],
    ["::ffff:192.168.1.77", "192.168.1.x"],
    ["2001:db8:85a3:8d3:1319:8a2e:370:7348", "2001:db8:85a3::x"],
    ["2001:db8::1", "2001:db8:0::x"],
    ["fe80::1ff:fe23:4567:890a%eth0", "fe80:0:0::x"],
    ["::1", "0:0:0::x"],
    ["not an address", "x"],
    ["", "x"],
  ] as const
) {
  Deno.test(`address ${JSON.stringify(address)} is masked as ${masked}`, () => {
    assert.equal(maskAddress(address), masked);
  });
}

Deno.test("masked address reveals only its first 24 or 48 bits", () => {
  fc.assert(fc.property(fc.ipV6(), (address) => {
    const masked = maskAddress(address);
    assert.match(masked, /^([0-9a-f]{1,4}:){2}[0-9a-f]{1,4}::x$|^\d+\.\d+\.\d+\.x$/);
  }));
  fc.assert(fc.property(fc.ipV4(), (address) => {
    assert.equal(maskAddress(address), address.replace(/\d+$/, "x"));
  }));
});

Deno.test("masks take time in proportion to the text", () => {
  const masks = new Masks({ showsAddresses: false });
  for (const piece of ["a.", "://", "&key", "cookie ", "token", "x=", "viewer="]) {
    const text = piece.repeat(4000 / piece.length);
    const from = performance.now();
    masks.mask(text);
    assert(performance.now() - from < 100, piece);
  }
});
