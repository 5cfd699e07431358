import { basename, dirname, isAbsolute, resolve } from "node:path";
import { environmentNameOf, flagOf, type OptionDefinition } from "../terminal/option_definition.ts";
import { type OptionName, OPTIONS } from "../terminal/option_table.ts";
import type { GivenOptions } from "../terminal/options.ts";
import { systemdArgument, systemdWord } from "./systemd_syntax.ts";

/** Options of {@linkcode systemdUnit}. */
export interface UnitOptions {
  /** The path of the executable; `null` if the program runs from source. */
  readonly executable: string | null;
  /** The options to run the program with. */
  readonly given: GivenOptions;
  /** The port to listen on. */
  readonly port: number;
  /** Whether the source is a file to play. */
  readonly playsFile: boolean;
  /** Whether the source's address may hold a secret; the unit is for all users to read. */
  readonly hasSecret: boolean;
  /** The folder from which relative paths start. */
  readonly folder: string;
}

const NAME = "livestream";
const STATE = `/var/lib/${NAME}`;
const SECRETS = `/etc/${NAME}.env`;
const USUAL_EXECUTABLE = `/usr/local/bin/${NAME}`;

/** Ports below this one need a capability. */
const FIRST_FREE_PORT = 1024;

/** Paths that `ProtectHome` and `PrivateTmp` hide. */
const HIDDEN = /^\/(home|root|run\/user|tmp|var\/tmp)\//;

/** Options that end the program before it would stream. */
const NOT_CARRIED: readonly OptionName[] = ["listDevices", "printSystemdUnit", "licenses"];

/**
 * Returns a systemd unit, for systemd 247 or later, that runs the program with these options and lets it
 * do nothing else. Secrets come from a file that only root can read; data is stored in the service's own
 * folder.
 */
export function systemdUnit(options: UnitOptions): string {
  const { executable, port } = options;
  const program = executable ?? USUAL_EXECUTABLE;
  const carried = carryOptions(options);
  const shown = [program, ...carried.files].filter((path) => HIDDEN.test(path));
  const capability = port > 0 && port < FIRST_FREE_PORT ? "CAP_NET_BIND_SERVICE" : "";
  return [
    ...headOf(options, carried),
    `
[Unit]
Description=Livestream of a webcam
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
# The program reports when it listens, and then regularly that it still responds.
Type=notify
NotifyAccess=main
WatchdogSec=20
# A core dump would hold tokens and passwords.
WatchdogSignal=SIGKILL`,
    `ExecStart=${[systemdWord(program), ...carried.words].join(" \\\n  ")}`,
    ...carried.lines,
    `Restart=on-failure
RestartSec=2
# A wrong option stays wrong: do not try again.
RestartPreventExitStatus=2
# The program ends ffmpeg; systemd ends whatever is left after that.
KillMode=mixed
TimeoutStopSec=10
# Thirty threads that encode other qualities take 0.7 G. Beyond the limit the kernel ends the largest
# process: if that is ffmpeg, the program restarts it.
MemoryMax=2G
OOMPolicy=continue
LimitNOFILE=65536

# A user created for the service, who may open cameras.
DynamicUser=yes
SupplementaryGroups=video
DevicePolicy=closed
DeviceAllow=char-video4linux rw
StateDirectory=${NAME}
StateDirectoryMode=0700
UMask=0077`,
    capability && `AmbientCapabilities=${capability}`,
    `CapabilityBoundingSet=${capability}
NoNewPrivileges=yes
ProtectSystem=strict`,
    `ProtectHome=${shown.length > 0 ? "tmpfs" : "yes"}`,
    ...shown.map((path) => `BindReadOnlyPaths=${systemdWord(path.replaceAll(":", "\\:"))}`),
    `PrivateTmp=yes
ProtectProc=invisible
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
# ss, which reports how much a viewer has not received yet, needs Netlink.
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
SystemCallArchitectures=native
# The last two make ffmpeg end with the program.
SystemCallFilter=@system-service pidfd_open pidfd_getfd
SystemCallErrorNumber=EPERM
# MemoryDenyWriteExecute stays off, as JavaScript is compiled at run time.

[Install]
WantedBy=multi-user.target
`,
  ].filter((line) => line !== "").join("\n");
}

/** What becomes of the options in the unit. */
interface Carried {
  /** The words of the command line, as systemd reads them. */
  readonly words: readonly string[];
  /** Further lines of the unit. */
  readonly lines: readonly string[];
  /** The files that the program must be able to see. */
  readonly files: readonly string[];
  /** The options that the file of secrets sets. */
  readonly secrets: readonly OptionName[];
  /** The file that stored the data until now, if it was given. */
  readonly dataBefore: string | null;
}

function carryOptions({ given, playsFile, hasSecret, folder }: UnitOptions): Carried {
  const words: string[] = [];
  const lines: string[] = [];
  const files: string[] = [];
  const secrets: OptionName[] = [];
  let dataBefore: string | null = null;
  const absolute = (path: string) => isAbsolute(path) ? path : resolve(folder, path);
  const add = (name: OptionName, text: string) =>
    words.push(systemdArgument(`${flagOf(name)}=${text}`));
  for (const [name, texts] of given) {
    const { value, isSecret } = OPTIONS[name] as OptionDefinition;
    const [text] = texts;
    if (NOT_CARRIED.includes(name)) continue;
    if (isSecret || (name === "source" && hasSecret)) {
      secrets.push(name);
    } else if (name === "cert" || name === "key") {
      // systemd reads the file as root, before the user changes, and fills in the braces.
      lines.push(`LoadCredential=${name}.pem:${absolute(text).replaceAll("%", "%%")}`);
      words.push(`${flagOf(name)}=\${CREDENTIALS_DIRECTORY}/${name}.pem`);
    } else if (name === "data" && text !== ":memory:") {
      dataBefore = absolute(text);
    } else if (name === "source" && playsFile) {
      files.push(absolute(text));
      add(name, absolute(text));
    } else if (name === "ffmpeg" && text.includes("/")) {
      files.push(absolute(text));
      add(name, absolute(text));
      // The program may only start the ffmpeg that comes first on the PATH.
      const path = `PATH=${dirname(absolute(text))}:/usr/local/bin:/usr/bin:/bin`;
      lines.push(`Environment=${systemdWord(path)}`);
    } else if (value === undefined) {
      words.push(flagOf(name));
    } else {
      for (const each of texts) add(name, each);
    }
  }
  if (given.get("data")?.[0] !== ":memory:") {
    add("data", `${STATE}/${dataBefore === null ? `${NAME}.db` : basename(dataBefore)}`);
  }
  lines.push(`EnvironmentFile=${secrets.length > 0 ? "" : "-"}${SECRETS}`);
  return { words, lines, files, secrets, dataBefore };
}

function headOf({ executable, given }: UnitOptions, { secrets, dataBefore }: Carried): string[] {
  const wanted = new Set<OptionName>([...secrets, "adminToken"]);
  return [
    `# ${NAME}.service. Save it as /etc/systemd/system/${NAME}.service, then:`,
    `#   sudo systemctl daemon-reload && sudo systemctl enable --now ${NAME}`,
    `#   journalctl -u ${NAME}`,
    "#",
    `# Secrets come from ${SECRETS}, which only root can read: sudo install -m 600 /dev/null ${SECRETS}`,
    "# It needs one line for each:",
    ...[...wanted].map((name) => `#   ${environmentNameOf(name)}='…'`),
    ...(given.has("adminToken") ? [] : [
      "# Without that token the program makes a new one at each start, and prints it to the journal.",
    ]),
    ...(executable === null
      ? [
        "#",
        "# The program was run from source. Compile it and install it where the unit expects it:",
        `#   make compile && sudo install livestream ${USUAL_EXECUTABLE}`,
      ]
      : []),
    ...(dataBefore === null ? [] : [
      "#",
      `# Data is stored in ${STATE}. To keep what you have, run this before the first start:`,
      `#   sudo install -D ${shellWord(dataBefore)} -t ${STATE}`,
    ]),
  ];
}

/** Returns a word for a shell, on one line of a comment. */
function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''").replace(/\p{Cc}/gu, "?")}'`;
}
