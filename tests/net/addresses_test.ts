import assert from "node:assert/strict";
import {
  type NetworkInterface,
  sharedAddress,
  viewerAddresses,
  withNamedAddress,
} from "../../src/net/addresses.ts";

function ipv4(name: string, address: string): NetworkInterface {
  return { name, family: "IPv4", address };
}

const LAPTOP: NetworkInterface[] = [
  ipv4("lo", "127.0.0.1"),
  { name: "lo", family: "IPv6", address: "::1" },
  ipv4("docker0", "172.17.0.1"),
  ipv4("br-5f2c", "172.18.0.1"),
  ipv4("eth0", "10.0.0.5"),
  ipv4("wlan0", "192.168.1.20"),
  { name: "wlan0", family: "IPv6", address: "2001:db8::20" },
  ipv4("usb0", "169.254.7.9"),
];

Deno.test("addresses have the base path", () => {
  assert.deepEqual(
    viewerAddresses({ host: "::1", port: 8081, isSecure: true, basePath: "/cam/" }),
    [{ url: "https://[::1]:8081/cam/", reach: "machine" }],
  );
});

Deno.test("addresses list the local network first and this machine last", () => {
  assert.deepEqual(
    viewerAddresses({ host: "0.0.0.0", port: 8081, isSecure: false, interfaces: LAPTOP }),
    [
      { url: "http://10.0.0.5:8081/", reach: "network" },
      { url: "http://192.168.1.20:8081/", reach: "network" },
      { url: "http://172.17.0.1:8081/", reach: "virtual" },
      { url: "http://172.18.0.1:8081/", reach: "virtual" },
      { url: "http://localhost:8081/", reach: "machine" },
    ],
  );
});

Deno.test("addresses of :: are those of 0.0.0.0", () => {
  const at = (host: string) =>
    viewerAddresses({ host, port: 8081, isSecure: false, interfaces: LAPTOP });
  assert.deepEqual(at("::"), at("0.0.0.0"));
  assert.deepEqual(at("0:0:0:0:0:0:0:0"), at("0.0.0.0"));
});

Deno.test("addresses leave out link-local and loopback interfaces", () => {
  const interfaces = [ipv4("lo0", "127.0.0.1"), ipv4("en0", "169.254.1.1")];
  assert.deepEqual(viewerAddresses({ host: "0.0.0.0", port: 8081, isSecure: false, interfaces }), [
    { url: "http://localhost:8081/", reach: "machine" },
  ]);
});

for (
  const name of [
    "docker0",
    "br-0a1b",
    "veth12ab",
    "virbr0",
    "vEthernet (WSL)",
    "VMware Network Adapter VMnet8",
    "VirtualBox Host-Only Network",
    "bridge100",
    "podman1",
  ]
) {
  Deno.test(`addresses recognise ${name} as a virtual network`, () => {
    const [first] = viewerAddresses({
      host: "0.0.0.0",
      port: 80,
      isSecure: false,
      interfaces: [ipv4(name, "10.1.1.1")],
    });
    assert.equal(first?.reach, "virtual");
  });
}

for (
  const name of [
    "tailscale0",
    "Tailscale",
    "wg0",
    "wg-home",
    "tun0",
    "tap0",
    "utun3",
    "ztabcdefgh",
    "ZeroTier One [8056c2e21c000001]",
    "feth4823",
    "ppp0",
    "ipsec0",
    "nordlynx",
    "proton0",
    "ProtonVPN",
    "wt0",
    "CloudflareWARP",
    "OpenVPN TAP-Windows6",
    "Mullvad",
    "NordVPN",
  ]
) {
  Deno.test(`addresses recognise ${name} as a VPN`, () => {
    const [first] = viewerAddresses({
      host: "0.0.0.0",
      port: 80,
      isSecure: false,
      interfaces: [ipv4(name, "10.1.1.1")],
    });
    assert.deepEqual(first, { url: "http://10.1.1.1/", reach: "vpn", interface: name });
  });
}

function listed(interfaces: NetworkInterface[], host = "0.0.0.0") {
  return viewerAddresses({ host, port: 80, isSecure: false, interfaces });
}

Deno.test("addresses list VPNs after the local network, whatever the system's order", () => {
  const interfaces = [
    ipv4("tailscale0", "100.101.102.103"),
    ipv4("wg0", "10.8.0.2"),
    ipv4("docker0", "172.17.0.1"),
    ipv4("wlan0", "192.168.1.20"),
  ];
  for (const order of [interfaces, interfaces.toReversed()]) {
    const addresses = listed(order);
    assert.deepEqual(addresses.map(({ reach }) => reach), [
      "network",
      "vpn",
      "vpn",
      "virtual",
      "machine",
    ]);
    assert.equal(sharedAddress(addresses)?.url, "http://192.168.1.20/");
  }
});

Deno.test("addresses take 100.64.0.0/10 for a VPN whatever its name, and no neighbouring address", () => {
  for (
    const [address, reach] of [
      ["100.63.255.255", "network"],
      ["100.64.0.0", "vpn"],
      ["100.127.255.255", "vpn"],
      ["100.128.0.0", "network"],
    ] as const
  ) assert.equal(listed([ipv4("Ethernet 3", address)])[0]?.reach, reach, address);
});

Deno.test("addresses share that of a VPN if there is no other, and never that of a virtual network", () => {
  const vpn = listed([ipv4("docker0", "172.17.0.1"), ipv4("utun4", "100.70.1.2")]);
  assert.equal(sharedAddress(vpn)?.url, "http://100.70.1.2/");
  assert.equal(sharedAddress(listed([ipv4("docker0", "172.17.0.1")])), null);
});

Deno.test("addresses list the most usual network first, and otherwise keep the order", () => {
  const interfaces = [
    ipv4("rmnet0", "25.3.2.1"),
    ipv4("usb0", "192.168.42.129"),
    ipv4("enp4s0", "203.0.113.9"),
    ipv4("enp3s0", "10.0.0.5"),
    ipv4("wlp2s0", "192.168.1.20"),
  ];
  assert.deepEqual(listed(interfaces).map(({ url }) => new URL(url).hostname), [
    "10.0.0.5",
    "192.168.1.20",
    "192.168.42.129",
    "203.0.113.9",
    "25.3.2.1",
    "localhost",
  ]);
});

Deno.test("addresses of a network without IPv4 are IPv6, if the server listens there", () => {
  const interfaces: NetworkInterface[] = [
    { name: "lo", family: "IPv6", address: "::1" },
    { name: "eth0", family: "IPv6", address: "fe80::1" },
    { name: "tailscale0", family: "IPv6", address: "fd7a:115c:a1e0::1" },
    { name: "eth0", family: "IPv6", address: "2001:db8::20" },
  ];
  assert.deepEqual(listed(interfaces, "::").map(({ url }) => url), [
    "http://[2001:db8::20]/",
    "http://[fd7a:115c:a1e0::1]/",
    "http://localhost/",
  ]);
  assert.deepEqual(listed(interfaces).map(({ url }) => url), ["http://localhost/"]);
});

for (const name of ["eth0", "enp3s0", "wlp2s0", "wlan0", "en0", "Wi-Fi", "Ethernet", "br0"]) {
  Deno.test(`addresses recognise ${name} as the local network`, () => {
    const [first] = viewerAddresses({
      host: "0.0.0.0",
      port: 80,
      isSecure: false,
      interfaces: [ipv4(name, "10.1.1.1")],
    });
    assert.equal(first?.reach, "network");
  });
}

for (
  const [host, url, reach] of [
    ["127.0.0.1", "http://127.0.0.1:8081/", "machine"],
    ["127.8.8.8", "http://127.8.8.8:8081/", "machine"],
    ["localhost", "http://localhost:8081/", "machine"],
    ["::1", "http://[::1]:8081/", "machine"],
    ["192.168.1.20", "http://192.168.1.20:8081/", "network"],
    ["2001:db8::20", "http://[2001:db8::20]:8081/", "network"],
    ["laptop.local", "http://laptop.local:8081/", "network"],
  ] as const
) {
  Deno.test(`addresses of ${host} are only that one`, () => {
    assert.deepEqual(viewerAddresses({ host, port: 8081, isSecure: false, interfaces: LAPTOP }), [{
      url,
      reach,
    }]);
  });
}

Deno.test("addresses leave out the default port", () => {
  const [first] = viewerAddresses({ host: "192.168.1.20", port: 80, isSecure: false });
  assert.equal(first?.url, "http://192.168.1.20/");
});

Deno.test("addresses of a server with a certificate begin with https", () => {
  const at = (port: number) => viewerAddresses({ host: "192.168.1.20", port, isSecure: true });
  assert.equal(at(8081)[0]?.url, "https://192.168.1.20:8081/");
  assert.equal(at(443)[0]?.url, "https://192.168.1.20/");
});

Deno.test("addresses of this machine can be opened", async () => {
  await using server = Deno.serve({ port: 0, onListen() {} }, () => new Response("here"));
  for (
    const { url } of viewerAddresses({ host: "0.0.0.0", port: server.addr.port, isSecure: false })
  ) {
    assert.equal(await (await fetch(url)).text(), "here", url);
  }
});

Deno.test("addresses have the name on the network after the numeric ones, which are shared", () => {
  const url = "http://livestream.local:8081/";
  const at = (interfaces: readonly NetworkInterface[]) =>
    withNamedAddress(
      viewerAddresses({ host: "0.0.0.0", port: 8081, isSecure: false, interfaces }),
      url,
    );
  const addresses = at(LAPTOP);
  assert.deepEqual(addresses[2], { url, reach: "network" });
  assert.equal(sharedAddress(addresses)?.url, "http://10.0.0.5:8081/");
  assert.equal(addresses.length, 6);
  assert.equal(at([]).length, 1);
});
