import { ownAddress, type Reach, sharedAddress, type ViewerAddress } from "../net/addresses.ts";
import { studioUrl } from "../studio_url.ts";
import { renderQrCode } from "./qr_code.ts";

/** Options of {@linkcode renderBanner}. */
export interface BannerOptions {
  /** The program's version. */
  readonly version: string;
  /** The channel's title. */
  readonly title: string;
  /** Where the page can be opened. */
  readonly addresses: readonly ViewerAddress[];
  /** Whether viewers must enter a password. */
  readonly hasPassword: boolean;
  /** Whether there is HLS, with a page of its own. */
  readonly hasHls: boolean;
  /** The secret that opens the studio. */
  readonly adminToken: string;
  /** Whether to show the studio's address as a QR code too. */
  readonly showsStudioCode: boolean;
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
 * Returns what the streamer reads at start: every address, including the studio's, whether there is a
 * password, the version, and how to stop. On a terminal that is wide enough it also has a QR code of the
 * address that other devices most likely reach. Ends with a line end.
 */
export function renderBanner(options: BannerOptions): string {
  const { version, title, addresses, hasPassword, hasHls, adminToken, fingerprint, columns } =
    options;
  const lines = addresses.map(({ url, reach, interface: name }, index) => {
    const label = reach === addresses[index - 1]?.reach ? "" : LABELS[reach];
    return line(label, name === undefined ? url : `${url} (${name})`);
  });
  // The secret stays on this machine where that is possible.
  const own = ownAddress(addresses);
  const studio = own
    ? [
      line("Your studio", studioUrl(own.url, adminToken)),
      line("", "Keep it private: anyone with this address has full control."),
    ]
    : [];
  return [
    "",
    `${INDENT}${title}`,
    "",
    ...lines,
    ...(hasHls && addresses.length > 0 ? [line("HLS", `${addresses[0].url}hls/`)] : []),
    line(
      "Password",
      hasPassword ? "required" : "none: anyone who can open these addresses can watch",
    ),
    "",
    ...studio,
    ...(fingerprint === null ? [] : renderFingerprint(fingerprint)),
    ...renderCodes(options),
    "",
    `${INDENT}Livestream ${version}${columns > 0 ? ". Press Ctrl+C to stop." : ""}`,
    "",
    "",
  ].join("\n");
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
    `${INDENT}Self-signed: each device warns once. Check that it shows this SHA-256.`,
  ];
}

/** Returns the QR codes for other devices, each with what it opens. */
function renderCodes(options: BannerOptions): string[] {
  const { addresses, adminToken, showsStudioCode, columns } = options;
  const shared = sharedAddress(addresses);
  const codeOf = (url: string) => renderQrCode(url, columns - INDENT.length);
  const watch = shared && codeOf(shared.url);
  const lines = watch ? renderCode(watch, "Scan to watch.") : [];
  if (!showsStudioCode) return lines;
  if (columns === 0) return missing("standard output is not a terminal");
  if (shared === null) return [...lines, ...missing("no other device can reach this machine")];
  const studio = codeOf(studioUrl(shared.url, adminToken));
  if (studio === null) return [...lines, ...missing("the terminal is too narrow")];
  return [
    ...lines,
    ...renderCode(studio, "Scan to open your studio. Keep it private."),
  ];
}

function renderCode(rows: readonly string[], caption: string): string[] {
  return ["", ...rows.map((row) => `${INDENT}${row}`), "", `${INDENT}${caption}`];
}

/** Returns why the studio's code, which was asked for, is not there. */
function missing(reason: string): string[] {
  return ["", `${INDENT}No QR code for the studio: ${reason}`];
}
