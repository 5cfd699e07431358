import { messageOf, UserError } from "../../errors.ts";
import type { System } from "./source.ts";

const INSTALL_HELP: Readonly<Record<System, string>> = {
  linux: 'install it with "sudo apt install ffmpeg" or your system\'s package manager',
  darwin: 'install it with "brew install ffmpeg"',
  windows: 'install it with "winget install ffmpeg"',
};

/**
 * Returns the error for an ffmpeg that could not be started, with what to do.
 *
 * @param error The error that starting it threw.
 * @param ffmpeg The program's path or name.
 */
export function startFailure(error: unknown, ffmpeg: string, system: System): UserError {
  const { NotFound, NotCapable, PermissionDenied } = Deno.errors;
  // Without the permission to start it, Deno does not report that it does not exist.
  if (error instanceof NotFound || isMissing(ffmpeg)) return notFound(ffmpeg, system);
  if (error instanceof PermissionDenied) {
    return new UserError(`Cannot start "${ffmpeg}": you have no permission to run it`);
  }
  if (!(error instanceof NotCapable)) {
    return new UserError(`Cannot start "${ffmpeg}": ${messageOf(error)}`, 1, { cause: error });
  }
  const [variable] = /\b(LD|DYLD)_\w+/.exec(error.message) ?? [];
  return variable === undefined ? notOnPath(ffmpeg, system) : new UserError(
    `Cannot start ffmpeg while ${variable} is set, which would change what it does: ` +
      `start again after "unset ${variable}"`,
  );
}

/** Returns whether a path leads to nothing; false for a name, which the PATH finds. */
function isMissing(ffmpeg: string): boolean {
  if (!/[\\/]/.test(ffmpeg)) return false;
  try {
    Deno.statSync(ffmpeg);
    return false;
  } catch (error) {
    return error instanceof Deno.errors.NotFound;
  }
}

function notFound(ffmpeg: string, system: System): UserError {
  const help = INSTALL_HELP[system];
  return new UserError(
    `Cannot find ffmpeg: ${help}, or put the folder that has it on the PATH (tried "${ffmpeg}")`,
  );
}

/** Returns the error for an ffmpeg that is not the one that the PATH finds. */
function notOnPath(ffmpeg: string, system: System): UserError {
  const [, folder = "", name = ffmpeg] = /^(?:(.*)[\\/])?([^\\/]*)$/.exec(ffmpeg) ?? [];
  const start = `Cannot start "${ffmpeg}": only the ffmpeg that comes first on the PATH may be ` +
    "started, so";
  if (system === "windows") {
    const rename = /^ffmpeg(\.exe)?$/i.test(name) ? "" : "rename it to ffmpeg.exe and ";
    const where = folder || "C:\\its\\folder";
    return new UserError(`${start} ${rename}start again after: $env:Path = "${where};$env:Path"`);
  }
  if (name === "ffmpeg") {
    const where = folder === "" || folder.startsWith("/") ? folder || "/" : `$PWD/${folder}`;
    return new UserError(`${start} start again after: export PATH="${where}:$PATH"`);
  }
  const link = `ln -sf "$(realpath "$(command -v "${ffmpeg}")")" ~/ffmpeg/ffmpeg`;
  return new UserError(
    `${start} start again after: mkdir -p ~/ffmpeg && ${link} && export PATH=~/ffmpeg:"$PATH"`,
  );
}
