import { renderUnicodeCompact } from "uqr";
import { type Reach, sharedAddress, type ViewerAddress } from "../net/addresses.ts";

/** Options of {@linkcode renderBanner}. */
export interface BannerOptions {
  /** The channel's title. */
  readonly title: string;
  /** Where the page can be opened. */
  readonly addresses: readonly ViewerAddress[];
  /** The secret that opens the studio. */
  readonly adminToken: string;
  /** The fingerprint of a self-signed certificate, 64 hexadecimal digits with colons; else `null`. */
  readonly fingerprint: string | null;
  /** The width of the terminal; 0 if the banner goes to a file or a pipe. */
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
 * Returns what the streamer reads at start: every address, including the studio's, and on a terminal
 * that is wide enough a QR code of the address that other devices most likely reach. Ends with a line end.
 */
export function renderBanner(options: BannerOptions): string {
  const { title, addresses, adminToken, fingerprint, columns } = options;
  const lines = addresses.map(({ url, reach, interface: name }, index) => {
    const label = reach === addresses[index - 1]?.reach ? "" : LABELS[reach];
    return line(label, name === undefined ? url : `${url} (${name})`);
  });
  // The secret stays on this machine where that is possible.
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

/** Returns the fingerprint on two lines, so that people can compare it piece by piece. */
function renderFingerprint(fingerprint: string): string[] {
  const half = fingerprint.length / 2;
  return [
    "",
    line("Certificate", `${fingerprint.slice(0, half)}`),
    line("", fingerprint.slice(half + 1)),
    `${INDENT}It is self-signed: each device asks once, and should show this SHA-256.`,
  ];
}

function renderCode(url: string, columns: number): string[] {
  // A quiet zone of two modules scans well; the standard's four costs height on small terminals.
  const rows = renderUnicodeCompact(url, { border: 2 }).split("\n");
  if (INDENT.length + (rows[0]?.length ?? 0) > columns) return [];
  // White on black by escape codes: a light terminal would show the code with its colours swapped,
  // which many phones cannot read.
  const painted = rows.map((row) => `${INDENT}\x1b[38;5;231;48;5;16m${row}\x1b[0m`);
  return ["", ...painted, "", `${INDENT}Point a phone's camera at the code to watch there.`];
}
