import assert from "node:assert/strict";
import { AddressRange } from "../../src/net/address_range.ts";
import { parseIp } from "../../src/net/ip_address.ts";

for (
  const [range, inside, outside] of [
    ["10.0.0.0/8", ["10.0.0.0", "10.255.255.255", "::ffff:10.1.2.3"], ["11.0.0.0", "a00::"]],
    ["192.0.2.1", ["192.0.2.1"], ["192.0.2.2", "192.0.2.0"]],
    ["::ffff:192.0.2.1", ["192.0.2.1"], ["192.0.2.2"]],
    ["::ffff:10.0.0.0/104", ["10.1.2.3"], ["11.0.0.0", "::1"]],
    ["fd00::/9", ["fd7f::1"], ["fd80::1", "127.0.0.1"]],
    ["0.0.0.0/0", ["255.255.255.255"], ["::1"]],
    ["::/0", ["ffff::"], ["127.0.0.1"]],
  ] as const
) {
  Deno.test(`address range ${range} has ${inside.join(" and ")} but not ${outside[0]}`, () => {
    const parsed = AddressRange.parse(range)!;
    for (const address of inside) assert(parsed.has(parseIp(address)!), address);
    for (const address of outside) assert(!parsed.has(parseIp(address)!), address);
  });
}

for (
  const text of [
    "10.0.0.0/33",
    "::/129",
    "::ffff:10.0.0.0/95",
    "10.0.0.0/",
    "10/8",
    "a/8",
    "",
    "/8",
  ]
) {
  Deno.test(`address range refuses ${JSON.stringify(text)}`, () => {
    assert.equal(AddressRange.parse(text), null);
  });
}
