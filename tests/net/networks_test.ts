import assert from "node:assert/strict";
import fc from "fast-check";
import { plainAddress } from "../../src/net/ip_address.ts";
import { type NetworkInterface, Networks } from "../../src/net/networks.ts";

const v6 = (cidr: string): NetworkInterface => ({ family: "IPv6", cidr });
const INTERFACES: readonly NetworkInterface[] = [
  { family: "IPv4", cidr: "192.168.1.20/24" },
  v6("::1/128"),
  v6("fe80::1/64"),
  v6("2001:db8:1:2::20/64"),
  v6("fd00:1:2:3::20/64"),
  // A tunnel whose network is everything.
  v6("2a00:7::1/3"),
];

const networksAt = (now = { at: 0 }, interfaces = () => INTERFACES) =>
  new Networks({ interfaces, clock: { monotonic: () => now.at } });

for (
  const [address, capacity, own, shared] of [
    ["203.0.113.9", "203.0.113.9", "203.0.113.9", null],
    ["192.168.1.7", "192.168.1.7", "192.168.1.7", null],
    ["2001:db8:1:2::7", "2001:db8:1:2::7", "2001:db8:1:2::7", "2001:db8:1:2::/64"],
    ["fd00:1:2:3::7", "fd00:1:2:3::7", "fd00:1:2:3::7", "fd00:1:2:3::/64"],
    ["fe80::7", "fe80::7", "fe80::7", "fe80:0:0:0::/64"],
    ["2001:db8:1:3::7", "2001:db8:1:3::", "2001:db8:1:3::/64", "2001:db8:1::/48"],
    ["2001:db8::7", "2001:db8:0:0::", "2001:db8:0:0::/64", "2001:db8:0::/48"],
    ["1:2:3:4:a:b:c:d", "1:2:3:4::", "1:2:3:4::/64", "1:2:3::/48"],
    ["fd00:1:2:4::7", "fd00:1:2:4::", "fd00:1:2:4::/64", "fd00:1:2::/48"],
    ["2a00:7:1::7", "2a00:7:1:0::", "2a00:7:1:0::/64", "2a00:7:1::/48"],
    ["127.0.0.1", "127.0.0.1", null, "this machine"],
    ["::1", "::1", null, "this machine"],
  ] as const
) {
  Deno.test(`networks count ${address} as ${capacity}, and its guesses as ${own}`, () => {
    const networks = networksAt();
    assert.equal(networks.capacityKey(address), capacity);
    assert.deepEqual(networks.guessKeys(address, false), { own, shared });
  });
}

Deno.test("networks count requests relayed by a proxy on this machine apart from this machine", () => {
  const networks = networksAt();
  for (const address of ["127.0.0.1", "::1"]) {
    assert.deepEqual(networks.guessKeys(address, true), {
      own: `relayed by ${address}`,
      shared: null,
    });
  }
  // Elsewhere a client could say so to be counted apart.
  assert.deepEqual(
    networks.guessKeys("203.0.113.9", true),
    networks.guessKeys("203.0.113.9", false),
  );
});

const group = fc.integer({ min: 0, max: 0xffff }).map((n) => n.toString(16));
const groups = (length: number) => fc.array(group, { minLength: length, maxLength: length });

Deno.test("networks count all addresses of a foreign /64 as one client, and other networks apart", () => {
  const networks = networksAt();
  fc.assert(fc.property(groups(3), group, group, groups(4), groups(4), (site, net, other, a, b) => {
    fc.pre(net !== other && !["2001", "fd00", "2a00", "0"].includes(site[0]!));
    fc.pre(!/^fe[89ab]/.test(site[0]!));
    const address = (net: string, host: string[]) =>
      plainAddress([...site, net, ...host].join(":"));
    const [one, same, apart] = [address(net, a), address(net, b), address(other, a)];
    assert.equal(networks.capacityKey(one), networks.capacityKey(same));
    assert.notEqual(networks.capacityKey(one), networks.capacityKey(apart));
    assert.deepEqual(networks.guessKeys(one, false), networks.guessKeys(same, false));
    assert.notEqual(networks.guessKeys(one, false).own, networks.guessKeys(apart, false).own);
    assert.equal(networks.guessKeys(one, false).shared, networks.guessKeys(apart, false).shared);
  }));
});

Deno.test("networks count each address of an own network as a client", () => {
  const networks = networksAt();
  const own = fc.constantFrom("2001:db8:1:2", "fd00:1:2:3", "fe80:0:0:0", "fe80:1:2:3");
  fc.assert(fc.property(own, groups(4), groups(4), (network, a, b) => {
    const [one, other] = [a, b].map((host) => plainAddress(`${network}:${host.join(":")}`));
    fc.pre(one !== other);
    assert.notEqual(networks.capacityKey(one!), networks.capacityKey(other!));
    assert.notEqual(networks.guessKeys(one!, false).own, networks.guessKeys(other!, false).own);
    assert.equal(networks.guessKeys(one!, false).shared, networks.guessKeys(other!, false).shared);
  }));
});

Deno.test("networks of this machine are read again after a minute, and not at every request", () => {
  const now = { at: 0 };
  let read = 0;
  let interfaces: readonly NetworkInterface[] = [];
  const networks = networksAt(now, () => {
    read++;
    return interfaces;
  });
  for (let i = 0; i < 100; i++) {
    networks.capacityKey("192.0.2.1");
    networks.guessKeys("::1", false);
  }
  assert.equal(read, 0);
  for (let i = 0; i < 100; i++) networks.capacityKey("2001:db8:1:2::7");
  assert.equal(read, 1);
  interfaces = INTERFACES;
  now.at = 59_999;
  assert.equal(networks.capacityKey("2001:db8:1:2::7"), "2001:db8:1:2::");
  now.at = 60_000;
  assert.equal(networks.capacityKey("2001:db8:1:2::7"), "2001:db8:1:2::7");
  assert.equal(read, 2);
});

Deno.test("networks are those of this machine by default", () => {
  const networks = new Networks();
  for (const { family, address } of Deno.networkInterfaces()) {
    const plain = plainAddress(address);
    if (family === "IPv6") assert.equal(networks.capacityKey(plain), plain);
  }
});
