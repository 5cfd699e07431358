import { basename, dirname, isAbsolute, resolve } from "node:path";
import { environmentNameOf, flagOf, type OptionDefinition } from "../terminal/option_definition.ts";
import { type OptionName, OPTIONS } from "../terminal/option_table.ts";
import type { GivenOptions } from "../terminal/options.ts";
import { systemdArgument, systemdWord } from "./systemd_syntax.ts";

export interface UnitOptions {
  /** The executable's path; `null` where the program is run from source. */
  readonly executable: string | null;
  readonly given: GivenOptions;
  /** The port that is listened on. */
  readonly port: number;
  /** Whether the source is a file that is played. */
  readonly playsFile: boolean;
  /** Whether the source's address may hold a secret; the unit is for all users to read. */
  readonly hasSecret: boolean;
  /** Where relative paths begin. */
  readonly folder: string;
}

const NAME = "livestream";
const STATE = `/var/lib/${NAME}`;
const SECRETS = `/etc/${NAME}.env`;
const USUAL_EXECUTABLE = `/usr/local/bin/${NAME}`;

/** Ports below need a capability. */
const FIRST_FREE_PORT = 1024;

/** What `ProtectHome` and `PrivateTmp` hide. */
const HIDDEN = /^\/(home|root|run\/user|tmp|var\/tmp)\//;

/** They end the program before it would stream. */
const NOT_CARRIED: readonly OptionName[] = ["listDevices", "printSystemdUnit"];

/**
 * A systemd unit, for systemd 247 or later, that runs the program with the settings given and
 * lets it do nothing else. Its secrets come from a file that only root reads; what it keeps lies
 * in the service's own folder.
 */
export function systemdUnit(options: UnitOptions): string {
  const { executable, port } = options;
  const program = executable ?? USUAL_EXECUTABLE;
  const settings = carriedSettings(options);
  const shown = [program, ...settings.files].filter((path) => HIDDEN.test(path));
  const capability = port > 0 && port < FIRST_FREE_PORT ? "CAP_NET_BIND_SERVICE" : "";
  return [
    ...headOf(options, settings),
    `
[Unit]
Description=Livestream of a webcam
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
# The program says when it listens, and from then on that it still reacts.
Type=notify
NotifyAccess=main
WatchdogSec=20
# A core dump would hold tokens and passwords.
WatchdogSignal=SIGKILL`,
    `ExecStart=${[systemdWord(program), ...settings.words].join(" \\\n  ")}`,
    ...settings.lines,
    `Restart=on-failure
RestartSec=2
# A wrong option does not become right by trying again.
RestartPreventExitStatus=2
# ffmpeg is ended by the program; what is left after that, by systemd.
KillMode=mixed
TimeoutStopSec=10
# Thirty threads that make other qualities take 0.7 G. Beyond the limit the largest process ends:
# if it is ffmpeg, the program starts it again.
MemoryMax=2G
OOMPolicy=continue
LimitNOFILE=65536

# A user who is made for the service and may open cameras.
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
# Netlink is for ss, which tells how much a viewer has not received yet.
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
SystemCallArchitectures=native
# The last two tie ffmpeg's life to the program's.
SystemCallFilter=@system-service pidfd_open pidfd_getfd
SystemCallErrorNumber=EPERM
# MemoryDenyWriteExecute stays off: JavaScript is compiled while it runs.

[Install]
WantedBy=multi-user.target
`,
  ].filter((line) => line !== "").join("\n");
}

/** What becomes of the settings. */
interface Carried {
  /** Words of the command line, as systemd reads them. */
  readonly words: readonly string[];
  /** More lines of the unit. */
  readonly lines: readonly string[];
  /** Files that the program has to see. */
  readonly files: readonly string[];
  /** Settings that are left to the file of secrets. */
  readonly secrets: readonly OptionName[];
  /** Where the data were until now, if that was told. */
  readonly dataBefore: string | null;
}

function carriedSettings({ given, playsFile, hasSecret, folder }: UnitOptions): Carried {
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
      // Read as root, before the user changes. The braces are for systemd to fill in.
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
      // Only the ffmpeg that comes first on the PATH may be started.
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
    `# Secrets come from ${SECRETS}, for root alone: sudo install -m 600 /dev/null ${SECRETS}`,
    "# It has a line for each:",
    ...[...wanted].map((name) => `#   ${environmentNameOf(name)}='…'`),
    ...(given.has("adminToken")
      ? []
      : ["# Without that token a new one is made at each start, and stands in the journal."]),
    ...(executable === null
      ? [
        "#",
        "# The program was run from source. Make the executable and put it where the unit has it:",
        `#   make compile && sudo install livestream ${USUAL_EXECUTABLE}`,
      ]
      : []),
    ...(dataBefore === null ? [] : [
      "#",
      `# What is kept lies in ${STATE}. To go on with what there is, before the first start:`,
      `#   sudo install -D ${shellWord(dataBefore)} -t ${STATE}`,
    ]),
  ];
}

/** A word for a shell, in a comment: of one line. */
function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''").replace(/\p{Cc}/gu, "?")}'`;
}
