import config from "./deno.json" with { type: "json" };
import {
  ownAddress,
  type ViewerAddress,
  viewerAddresses,
  withNamedAddress,
} from "./src/net/addresses.ts";
import { type App, startApp } from "./src/app.ts";
import { SYSTEM_CLOCK } from "./src/clock.ts";
import { Emitter } from "./src/events.ts";
import { renderBanner } from "./src/terminal/banner.ts";
import { openBrowser } from "./src/terminal/browser.ts";
import { listCameras } from "./src/producers/ffmpeg/devices.ts";
import { listSoundDevices } from "./src/producers/sound/sound_devices.ts";
import { currentSystem } from "./src/producers/ffmpeg/source.ts";
import { endSignal, isHangupIgnored } from "./src/end_signals.ts";
import { misspeltVariables } from "./src/environment/misspelt.ts";
import { variableNames } from "./src/environment/variable_names.ts";
import { messageOf, UserError } from "./src/errors.ts";
import { lastWords } from "./src/last_words.ts";
import { createLogger, type Logger } from "./src/log/log.ts";
import { readLicenses } from "./src/terminal/licenses.ts";
import { environmentNameOf } from "./src/terminal/option_definition.ts";
import { OPTION_NAMES } from "./src/terminal/option_table.ts";
import { type Options, parseOptions } from "./src/terminal/options.ts";
import { dropPermissions } from "./src/permissions.ts";
import { notifyRequest, SystemdNotifier } from "./src/service/notify.ts";
import { HANDOVER_VARIABLE } from "./src/watchdog/handover.ts";
import { takeOver } from "./src/watchdog/take_over.ts";
import { Watchdog } from "./src/watchdog/watchdog.ts";

/** Maximum time for all parts together to stop. Milliseconds. */
const STOP_LIMIT_MS = 1_600;

function print(text: string): void {
  const bytes = new TextEncoder().encode(text);
  try {
    for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
  } catch (error) {
    // A closed pipe, as behind `| head`, must not stop the stream.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

const VARIABLES = OPTION_NAMES.map(environmentNameOf);

function environment(): Record<string, string | undefined> {
  return Object.fromEntries(VARIABLES.map((name) => [name, Deno.env.get(name)]));
}

function warnOfMisspeltVariables(log: Logger): void {
  for (
    const { name, meant } of misspeltVariables(variableNames(), [...VARIABLES, HANDOVER_VARIABLE])
  ) {
    const help = meant === null ? "see livestream --help" : `did you mean ${meant}?`;
    log.warn(`The environment variable ${name} is not an option: ${help}`);
  }
}

async function run(options: Options): Promise<number> {
  const log = createLogger({ level: options.logLevel, format: options.logFormat });
  warnOfMisspeltVariables(log);
  if (options.licenses) {
    print(await readLicenses());
    return 0;
  }
  if (options.listDevices) {
    const ffmpeg = { program: options.ffmpeg, system: currentSystem(), log };
    const cameras = await listCameras(ffmpeg);
    for (const { device, name } of cameras) print(`${device}\t${name}\t--source\n`);
    const microphones = await listSoundDevices(ffmpeg);
    for (const { device, name } of microphones) print(`${device}\t${name}\t--sound\n`);
    if (cameras.length === 0) log.warn("No camera found: plug one in, or use --source test");
    return 0;
  }
  const ignoresHangup = isHangupIgnored();
  const handover = await takeOver(log);
  const signalled = endSignal(ignoresHangup);
  const { restarts = 0, ...kept } = handover ?? {};
  Emitter.onError = (error) => log.error(`A listener failed: ${messageOf(error)}`);
  const app = await startApp({ ...options, ...kept }, log, signalled);
  const { port, adminToken, isSecure } = app;
  let watchdog: Watchdog | null = null;
  // From source, Deno's own flags are unknown, so the program cannot restart itself.
  if (!notifySystemd(log) && Deno.build.standalone) {
    watchdog = new Watchdog({
      plan: { program: Deno.execPath(), args: Deno.args, ignoresHangup },
      handover: () => ({ adminToken, port, restarts, offAir: !app.channel.onAir }),
      logFormat: options.logFormat,
      log,
    });
  }
  const { host, basePath } = options;
  const addresses = viewerAddresses({ host, port, isSecure, basePath });
  announce(app, withNamedAddress(addresses, app.localUrl), options, log);
  const own = ownAddress(addresses);
  // Not again after the watchdog restarted the program.
  if (options.open && handover === null && own) {
    openBrowser(own.url, { os: Deno.build.os, env: Deno.env, log, clock: SYSTEM_CLOCK });
  }
  dropPermissions(host);
  const signal = await signalled;
  watchdog?.[Symbol.dispose]();
  log.info(`Stopping: ${signal}`);
  // Parts that do not stop in time end with the process.
  const isLate = new Promise((resolve) => setTimeout(resolve, STOP_LIMIT_MS));
  await Promise.race([app.stop(), isLate]);
  log.flush();
  return 0;
}

/** Prints, or logs as JSON, where the pages can be opened. */
function announce(
  app: App,
  addresses: readonly ViewerAddress[],
  { logFormat, basePath, ...options }: Options,
  log: Logger,
): void {
  const { port, adminToken, fingerprint } = app;
  if (logFormat === "json") {
    log.info("Listening", {
      port,
      version: config.version,
      // Without the path, because the log masks paths: elsewhere they may be secret.
      addresses: addresses.map(({ url }) => new URL("/", url).href),
      ...(basePath !== "/" && { basePath }),
      ...(fingerprint !== null && { fingerprint }),
    });
    if (options.adminToken === null) {
      log.info("Generated tokens are not logged: set LIVESTREAM_ADMIN_TOKEN to use the studio");
    }
    return;
  }
  print(renderBanner({
    version: config.version,
    title: app.channel.title,
    addresses,
    hasPassword: options.password !== null,
    hasHls: options.hls,
    adminToken,
    showsStudioCode: options.studioQr,
    fingerprint,
    columns: Deno.stdout.isTerminal() ? Deno.consoleSize().columns : 0,
  }));
}

/** Notifies systemd, if it started the program, and returns whether systemd restarts it. */
function notifySystemd(log: Logger): boolean {
  const request = notifyRequest(Deno.env, Deno.pid);
  if (request === null) return false;
  try {
    new SystemdNotifier(request);
    return request.watchdogMs !== null;
  } catch (error) {
    log.warn(`Cannot notify systemd: ${messageOf(error)}`);
    return false;
  }
}

async function endFor(error: unknown): Promise<never> {
  await new Blob([lastWords(error)]).stream().pipeTo(Deno.stderr.writable);
  Deno.exit(error instanceof UserError ? error.exitCode : 1);
}

addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  endFor(event.reason);
});
addEventListener("error", (event) => {
  event.preventDefault();
  endFor(event.error);
});
try {
  const command = parseOptions(Deno.args, environment());
  if (command.action === "print") print(command.text);
  else Deno.exit(await run(command.options));
} catch (error) {
  await endFor(error);
}
