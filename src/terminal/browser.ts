import type { Clock } from "../clock.ts";
import { messageOf } from "../errors.ts";
import type { Logger } from "../log/log.ts";

/** Options of {@linkcode openBrowser}. */
export interface BrowserOptions {
  /** The operating system. */
  readonly os: typeof Deno.build.os;
  /** The environment; only `DISPLAY` and `WAYLAND_DISPLAY` are read. */
  readonly env: Pick<Deno.Env, "get">;
  /** Receives the reason if no browser opens. */
  readonly log: Pick<Logger, "warn">;
  /** The time. */
  readonly clock: Pick<Clock, "monotonic">;
}

/**
 * What opens an address in the default browser. On Windows not `cmd /c start`, which would be a permission
 * to run anything.
 */
const COMMANDS: { readonly [os in typeof Deno.build.os]?: readonly [string, ...string[]] } = {
  darwin: ["open"],
  windows: ["rundll32", "url.dll,FileProtocolHandler"],
};
const ELSEWHERE = ["xdg-open"] as const;

/** A command that ends later than this was the browser itself, closed by its user. Milliseconds. */
const FAILURE_LIMIT_MS = 10_000;

/**
 * Opens an address in the default browser. If that fails, logs a warning with the reason.
 *
 * @returns Resolves when the command that opens it has ended, which may be the browser itself.
 */
export async function openBrowser(
  url: string,
  { os, env, log, clock }: BrowserOptions,
): Promise<void> {
  const [program, ...args] = COMMANDS[os] ?? ELSEWHERE;
  const fail = (reason: string) => log.warn(`Cannot open a browser: ${reason}`);
  // Without a desktop xdg-open starts a browser in the terminal, if there is one.
  if (program === "xdg-open" && !env.get("DISPLAY") && !env.get("WAYLAND_DISPLAY")) {
    return fail("there is no desktop session (neither DISPLAY nor WAYLAND_DISPLAY is set)");
  }
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(program, {
      args: [...args, url],
      stdin: "null",
      stdout: "null",
      stderr: "null",
      // xdg-open may become the browser, which Ctrl+C in this terminal must not close.
      detached: true,
    }).spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) return fail(messageOf(error));
    const remedy = program === "xdg-open" ? " (install xdg-utils)" : "";
    return fail(`${program} not found${remedy}`);
  }
  const startedAt = clock.monotonic();
  const { success, code } = await child.status;
  const isLate = clock.monotonic() - startedAt > FAILURE_LIMIT_MS;
  if (!success && !isLate) fail(`${program} failed with exit code ${code}`);
}
