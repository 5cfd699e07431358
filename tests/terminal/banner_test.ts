import assert from "node:assert/strict";
import { encode } from "uqr";
import type { ViewerAddress } from "../../src/net/addresses.ts";
import { type BannerOptions, renderBanner } from "../../src/terminal/banner.ts";

const ADDRESSES: ViewerAddress[] = [
  { url: "http://10.0.0.5:8081/", reach: "network" },
  { url: "http://192.168.1.20:8081/", reach: "network" },
  { url: "http://172.17.0.1:8081/", reach: "virtual" },
  { url: "http://localhost:8081/", reach: "machine" },
];

const OPTIONS: BannerOptions = {
  version: "1.2.3",
  title: "Bird box",
  addresses: ADDRESSES,
  hasPassword: false,
  hasHls: false,
  adminToken: "secret",
  showsStudioCode: false,
  fingerprint: null,
  columns: 0,
};

const PLAIN = `
  Bird box

  On the network    http://10.0.0.5:8081/
                    http://192.168.1.20:8081/
  Virtual networks  http://172.17.0.1:8081/
  On this machine   http://localhost:8081/
  Password          none: anyone who can open these addresses can watch

  Your studio       http://localhost:8081/studio#secret
                    Keep it private: anyone with this address has full control.
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

/** Returns the dark modules of the code of this text. */
function codeOf(text: string): boolean[][] {
  return encode(text, { border: 2 }).data;
}

Deno.test("banner off a terminal is plain text with every address", () => {
  assert.equal(renderBanner(OPTIONS), `${PLAIN}\n  Livestream 1.2.3\n\n`);
});

Deno.test("banner says where HLS is", () => {
  assert.match(
    renderBanner({ ...OPTIONS, hasHls: true }),
    /localhost:8081\/\n +HLS +http:\/\/10\.0\.0\.5:8081\/hls\/\n +Password/,
  );
});

Deno.test("banner on a terminal has the QR code of the first address of the network, and says how to stop", () => {
  const banner = renderBanner({ ...OPTIONS, columns: 80 });
  assert(banner.startsWith(PLAIN));
  const code = codeOf("http://10.0.0.5:8081/");
  assert.deepEqual(modulesOf(banner).slice(0, code.length), code);
  assert(banner.endsWith("\n\n  Scan to watch.\n\n  Livestream 1.2.3. Press Ctrl+C to stop.\n\n"));
});

Deno.test("banner says that there is a password", () => {
  const banner = renderBanner({ ...OPTIONS, hasPassword: true });
  assert(banner.includes("\n  Password          required\n"));
});

Deno.test("banner names the interface of a VPN, and shows its QR code only if there is no other address", () => {
  const vpn: ViewerAddress = {
    url: "http://100.101.102.103:8081/",
    reach: "vpn",
    interface: "tailscale0",
  };
  const at = (addresses: ViewerAddress[]) => renderBanner({ ...OPTIONS, addresses, columns: 80 });
  const [lan, , virtual, machine] = ADDRESSES;
  const both = at([lan, vpn, virtual, machine]);
  assert(both.includes("  On a VPN          http://100.101.102.103:8081/ (tailscale0)\n"));
  for (const [banner, url] of [[both, lan.url], [at([vpn, machine]), vpn.url]]) {
    const code = codeOf(url);
    assert.deepEqual(modulesOf(banner).slice(0, code.length), code);
  }
});

Deno.test("banner has no QR code if it would not fit the terminal", () => {
  const columns = 2 + codeOf("http://10.0.0.5:8081/").length;
  assert(renderBanner({ ...OPTIONS, columns }).includes(PAINT));
  assert(!renderBanner({ ...OPTIONS, columns: columns - 1 }).includes(PAINT));
});

Deno.test("banner has no QR code if no other device reaches the stream", () => {
  const addresses = ADDRESSES.filter(({ reach }) => reach === "virtual" || reach === "machine");
  const banner = renderBanner({ ...OPTIONS, addresses, columns: 80 });
  assert(!banner.includes(PAINT));
  assert(banner.includes("http://localhost:8081/"));
});

Deno.test("banner gives the studio's address even if only the network has one", () => {
  const banner = renderBanner({ ...OPTIONS, addresses: ADDRESSES.slice(1, 2) });
  assert(banner.includes("http://192.168.1.20:8081/studio#secret\n"));
});

Deno.test("banner shows a second QR code, of the studio at an address that a phone reaches, if asked to", () => {
  const banner = renderBanner({ ...OPTIONS, showsStudioCode: true, columns: 80 });
  const watch = codeOf("http://10.0.0.5:8081/");
  const studio = codeOf("http://10.0.0.5:8081/studio#secret");
  const modules = modulesOf(banner);
  // Half blocks pad a code of an odd height to an even one.
  const start = watch.length + watch.length % 2;
  assert.deepEqual(modules.slice(start, start + studio.length), studio);
  assert(
    banner.includes("\n  Scan to open your studio. Keep it private.\n"),
  );
});

for (
  const [reason, options] of [
    ["standard output is not a terminal", { columns: 0 }],
    ["the terminal is too narrow", { columns: 20 }],
    ["no other device can reach this machine", { columns: 80, addresses: ADDRESSES.slice(3) }],
  ] as const
) {
  Deno.test(`banner says why it lacks the studio's QR code: ${reason}`, () => {
    const banner = renderBanner({ ...OPTIONS, showsStudioCode: true, ...options });
    assert(banner.includes(`\n  No QR code for the studio: ${reason}\n`));
    assert(!banner.includes("open your studio"));
  });
}

Deno.test("banner shows the fingerprint of the certificate", () => {
  const pairs = Array.from({ length: 32 }, (_, i) => (0xa0 + i).toString(16).toUpperCase());
  const banner = renderBanner({ ...OPTIONS, fingerprint: pairs.join(":") });
  assert(banner.includes(`
  Certificate       ${pairs.slice(0, 16).join(":")}
                    ${pairs.slice(16).join(":")}
  Self-signed: each device warns once. Check that it shows this SHA-256.
`));
});
