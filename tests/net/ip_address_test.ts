import assert from "node:assert/strict";
import { isIP } from "node:net";
import fc from "fast-check";
import {
  addressFromBytes,
  isLoopback,
  isUnspecified,
  plainAddress,
} from "../../src/net/ip_address.ts";

for (
  const [given, plain] of [
    ["192.168.1.7", "192.168.1.7"],
    ["::ffff:192.168.1.7", "192.168.1.7"],
    ["::FFFF:c0a8:0107", "192.168.1.7"],
    ["0:0:0:0:0:ffff:192.168.1.7", "192.168.1.7"],
    ["2001:DB8:0:0::1", "2001:db8::1"],
    ["fe80::1%eth0", "fe80::1"],
    ["::1", "::1"],
  ]
) {
  Deno.test(`plainAddress of ${given} is ${plain}`, () => {
    assert.equal(plainAddress(given), plain);
  });
}

Deno.test("plainAddress of an address is an address, and its own plain form", () => {
  fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
    const plain = plainAddress(address);
    assert.notEqual(isIP(plain), 0);
    assert.equal(plainAddress(plain), plain);
  }));
});

Deno.test("plainAddress of IPv6 is what URLs make of it, whatever its zeros", () => {
  const group = fc.oneof(
    fc.constant("0"),
    fc.integer({ min: 0, max: 0xfffe }).map((n) => n.toString(16)),
  );
  const address = fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(":"));
  fc.assert(fc.property(fc.oneof(address, fc.ipV6()), (address) => {
    const plain = plainAddress(address);
    if (isIP(plain) === 6) assert.equal(`[${plain}]`, new URL(`http://[${address}]`).hostname);
  }));
  assert.equal(plainAddress("::1.2.3.4"), "::102:304");
});

for (
  const text of ["1.2.3", "0x7f.0.0.1", "127.0.0.01", "1", "::ffff:127.0.0.01", "localhost", ""]
) {
  Deno.test(`plainAddress leaves ${JSON.stringify(text)}, which is no address`, () => {
    assert.equal(plainAddress(text), text);
    assert(!isLoopback(text));
  });
}

Deno.test("address from bytes is what plainAddress makes of its text", () => {
  assert.equal(addressFromBytes(new Uint8Array(16)), "::");
  assert.equal(addressFromBytes(new Uint8Array([...Array(15).fill(0), 1])), "::1");
  const mapped = new Uint8Array([...Array(10).fill(0), 255, 255, 192, 168, 1, 20]);
  assert.equal(addressFromBytes(mapped), plainAddress("::ffff:192.168.1.20"));
  assert.equal(addressFromBytes(Uint8Array.of(192, 168, 1, 20)), "192.168.1.20");
  const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
  const groups = fc.array(group, { minLength: 8, maxLength: 8 });
  fc.assert(fc.property(groups, (groups) => {
    const bytes = Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 255]));
    const text = groups.map((group) => group.toString(16)).join(":");
    assert.equal(addressFromBytes(bytes), plainAddress(text));
  }));
});

Deno.test("unspecified are 0.0.0.0 and ::, however they are written, alone", () => {
  for (const address of ["0.0.0.0", "::", "0:0:0:0:0:0:0:0"]) {
    assert(isUnspecified(address), address);
  }
  for (const address of ["0.0.0.1", "::1", "localhost"]) assert(!isUnspecified(address), address);
});
