import assert from "node:assert/strict";
import { encode } from "uqr";
import type { ViewerAddress } from "../../src/net/addresses.ts";
import { renderBanner } from "../../src/terminal/banner.ts";

const ADDRESSES: ViewerAddress[] = [
  { url: "http://10.0.0.5:8081/", reach: "network" },
  { url: "http://192.168.1.20:8081/", reach: "network" },
  { url: "http://172.17.0.1:8081/", reach: "virtual" },
  { url: "http://localhost:8081/", reach: "machine" },
];

const adminToken = "secret";

const PLAIN = `
  Bird box

  On the network    http://10.0.0.5:8081/
                    http://192.168.1.20:8081/
  Virtual networks  http://172.17.0.1:8081/
  On this machine   http://localhost:8081/

  Studio, for you   http://localhost:8081/studio#secret

`;

const PAINT = "\x1b[38;5;231;48;5;16m";

/** The dark modules of the code that a banner shows, read back from its half blocks. */
function modulesOf(banner: string): boolean[][] {
  const rows = banner.split("\n").filter((line) => line.includes(PAINT));
  return rows.flatMap((row) => {
    const blocks = [...row.replace(PAINT, "").replace("\x1b[0m", "").slice(2)];
    return [
      blocks.map((block) => block === " " || block === "▄"),
      blocks.map((block) => block === " " || block === "▀"),
    ];
  });
}

Deno.test("banner off a terminal is plain text with every address", () => {
  assert.equal(
    renderBanner({
      title: "Bird box",
      addresses: ADDRESSES,
      adminToken,
      fingerprint: null,
      columns: 0,
    }),
    PLAIN,
  );
});

Deno.test("banner on a terminal has the QR code of the first address of the network", () => {
  const banner = renderBanner({
    title: "Bird box",
    addresses: ADDRESSES,
    adminToken,
    fingerprint: null,
    columns: 80,
  });
  assert(banner.startsWith(PLAIN));
  const { data, size } = encode("http://10.0.0.5:8081/", { border: 2 });
  assert.deepEqual(modulesOf(banner).slice(0, size), data);
});

Deno.test("banner names the interface of a VPN, and shows its QR code only if there is no other address", () => {
  const vpn: ViewerAddress = {
    url: "http://100.101.102.103:8081/",
    reach: "vpn",
    interface: "tailscale0",
  };
  const at = (addresses: ViewerAddress[]) =>
    renderBanner({ title: "T", addresses, adminToken, fingerprint: null, columns: 80 });
  const [lan, , virtual, machine] = ADDRESSES;
  const both = at([lan, vpn, virtual, machine]);
  assert(both.includes("  On a VPN          http://100.101.102.103:8081/ (tailscale0)\n"));
  for (const [banner, url] of [[both, lan.url], [at([vpn, machine]), vpn.url]]) {
    const { data, size } = encode(url, { border: 2 });
    assert.deepEqual(modulesOf(banner).slice(0, size), data);
  }
});

Deno.test("banner has no QR code if it would not fit the terminal", () => {
  const columns = 2 + encode("http://10.0.0.5:8081/", { border: 2 }).size;
  const at = (columns: number) =>
    renderBanner({ title: "T", addresses: ADDRESSES, adminToken, fingerprint: null, columns });
  assert(at(columns).includes(PAINT));
  assert(!at(columns - 1).includes(PAINT));
});

Deno.test("banner has no QR code if no other device reaches the stream", () => {
  const addresses = ADDRESSES.filter(({ reach }) => reach === "virtual" || reach === "machine");
  const banner = renderBanner({
    title: "T",
    addresses,
    adminToken,
    fingerprint: null,
    columns: 80,
  });
  assert(!banner.includes(PAINT));
  assert(banner.includes("http://localhost:8081/"));
});

Deno.test("banner gives the studio's address even if only the network has one", () => {
  const addresses = ADDRESSES.slice(1, 2);
  const banner = renderBanner({ title: "T", addresses, adminToken, fingerprint: null, columns: 0 });
  assert(banner.includes("http://192.168.1.20:8081/studio#secret\n"));
});

Deno.test("banner shows the fingerprint of the certificate", () => {
  const pairs = Array.from({ length: 32 }, (_, i) => (0xa0 + i).toString(16).toUpperCase());
  const fingerprint = pairs.join(":");
  const banner = renderBanner({
    title: "T",
    addresses: ADDRESSES,
    adminToken,
    fingerprint,
    columns: 0,
  });
  assert(banner.includes(`
  Certificate       ${pairs.slice(0, 16).join(":")}
                    ${pairs.slice(16).join(":")}
  It is self-signed: each device asks once, and should show this SHA-256.
`));
});
