import assert from "node:assert/strict";
import {
  announcedNetworks,
  canBeAnnounced,
  type NetworkInterface,
} from "../../src/discovery/network.ts";

function ipv4(name: string, address: string, bits = 24): NetworkInterface {
  return { name, family: "IPv4", address, cidr: `${address}/${bits}` };
}

const LAPTOP: NetworkInterface[] = [
  ipv4("lo", "127.0.0.1", 8),
  ipv4("eth0", "192.168.1.20"),
  { name: "eth0", family: "IPv6", address: "2001:db8::20", cidr: "2001:db8::20/64" },
  ipv4("wlan0", "192.168.1.21"),
  ipv4("eth1", "10.0.0.5", 8),
  ...["wg0", "tun3", "utun4", "tailscale0", "ppp0", "zt7nnig26", "docker0", "br-5f2c", "virbr0"]
    .map((name, index) => ipv4(name, `172.16.${index}.1`)),
  ipv4("eth2", "100.64.0.9", 10),
  ipv4("usb0", "169.254.7.9", 16),
];

Deno.test("networks to announce in are local ones, and two interfaces in one count as one", () => {
  const expected = [
    { cidr: "192.168.1.20/24", addresses: ["192.168.1.20", "192.168.1.21"] },
    { cidr: "10.0.0.5/8", addresses: ["10.0.0.5"] },
  ];
  assert.deepEqual(announcedNetworks("0.0.0.0", LAPTOP), expected);
  assert.deepEqual(announcedNetworks("::", LAPTOP), expected);
});

Deno.test("networks to announce in are only that of the address to listen on", () => {
  assert.deepEqual(announcedNetworks("10.0.0.5", LAPTOP), [
    { cidr: "10.0.0.5/8", addresses: ["10.0.0.5"] },
  ]);
  assert.deepEqual(announcedNetworks("172.16.0.1", LAPTOP), []);
});

Deno.test("servers that only this machine can open are not announced", () => {
  for (const host of ["127.0.0.1", "127.8.0.1", "localhost", "::1", "2001:db8::20"]) {
    assert.equal(canBeAnnounced(host), false, host);
  }
  for (const host of ["0.0.0.0", "::", "10.0.0.5"]) assert.equal(canBeAnnounced(host), true, host);
});
