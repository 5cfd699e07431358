import { renderUnicodeCompact } from "uqr";
import { type Reach, sharedAddress, type ViewerAddress } from "../net/addresses.ts";

export interface BannerOptions {
  readonly title: string;
  readonly addresses: readonly ViewerAddress[];
  /** Opens the studio; a secret. */
  readonly adminToken: string;
  /** Of a certificate that only people can check, 64 hexadecimal digits with colons. */
  readonly fingerprint: string | null;
  /** Columns of the terminal that shows it; 0 where it goes to a file or a pipe. */
  readonly columns: number;
}

const LABELS: Readonly<Record<Reach, string>> = {
  network: "On the network",
  vpn: "On a VPN",
  virtual: "Virtual networks",
  machine: "On this machine",
};

const INDENT = "  ";

/**
 * What the streamer reads at start: every address, the studio's too, and on a terminal that is
 * wide enough a QR code of the one that other devices most likely reach. Ends with a line end.
 */
export function renderBanner(options: BannerOptions): string {
  const { title, addresses, adminToken, fingerprint, columns } = options;
  const lines = addresses.map(({ url, reach, interface: name }, index) => {
    const label = reach === addresses[index - 1]?.reach ? "" : LABELS[reach];
    return line(label, name === undefined ? url : `${url} (${name})`);
  });
  // What is secret goes over this machine alone, where that is possible.
  const own = addresses.find(({ reach }) => reach === "machine") ?? addresses[0];
  const studio = own ? ["", line("Studio, for you", `${own.url}studio#${adminToken}`)] : [];
  const first = sharedAddress(addresses);
  const code = first ? renderCode(first.url, columns) : [];
  const certificate = fingerprint === null ? [] : renderFingerprint(fingerprint);
  return ["", `${INDENT}${title}`, "", ...lines, ...studio, ...certificate, ...code, ""].join(
    "\n",
  ) +
    "\n";
}

function line(label: string, url: string): string {
  return `${INDENT}${label.padEnd(18)}${url}`;
}

/** On two lines, so that it can be compared piece by piece. */
function renderFingerprint(fingerprint: string): string[] {
  const half = fingerprint.length / 2;
  return [
    "",
    line("Certificate", `${fingerprint.slice(0, half)}`),
    line("", fingerprint.slice(half + 1)),
    `${INDENT}Nobody vouches for it: each device asks once, and should show this SHA-256.`,
  ];
}

function renderCode(url: string, columns: number): string[] {
  // A quiet zone of two modules scans well; the standard's four costs height on small terminals.
  const rows = renderUnicodeCompact(url, { border: 2 }).split("\n");
  if (INDENT.length + (rows[0]?.length ?? 0) > columns) return [];
  // White on black by escape codes: many phones do not read a code whose colours are swapped,
  // which is what a light terminal would show.
  const painted = rows.map((row) => `${INDENT}\x1b[38;5;231;48;5;16m${row}\x1b[0m`);
  return ["", ...painted, "", `${INDENT}Point a phone's camera at the code to watch there.`];
}
