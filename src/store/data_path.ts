import { UserError } from "../errors.ts";
import { exists } from "./exists.ts";

/** Reads environment variables, as `Deno.env` does. */
export interface Environment {
  /** Returns the value of a variable. */
  get(name: string): string | undefined;
}

const FOLDER = "livestream";

/**
 * Returns the data file that a server uses: its own, by its port, once it has one. If it went back to
 * the common file, whichever server starts first would take over the other's title, and the other
 * would forget that its camera was off air.
 *
 * @param own `null` for a server that cannot have one.
 */
export function chooseData(common: string, own: string | null): string {
  return own !== null && exists(own) ? own : common;
}

/**
 * Returns where the operating system keeps a user's data: `$XDG_DATA_HOME` or `~/.local/share` (XDG
 * Base Directory Specification 0.8), `~/Library/Application Support`, `%LOCALAPPDATA%`.
 *
 * @param os As `Deno.build.os`.
 * @param port The port of an additional server, which has a file of its own.
 * @throws {UserError} The environment does not say.
 */
export function defaultDataPath(environment: Environment, os: string, port?: number): string {
  const file = port === undefined ? "livestream.db" : `livestream-${port}.db`;
  const variable = os === "windows" ? "LOCALAPPDATA" : "HOME";
  const xdg = os === "windows" || os === "darwin" ? undefined : environment.get("XDG_DATA_HOME");
  // The specification says to ignore relative paths in it.
  if (xdg?.startsWith("/")) return `${xdg}/${FOLDER}/${file}`;
  const base = environment.get(variable);
  if (!base) {
    throw new UserError(
      `No place for the data file: ${variable} is not set. ` +
        "Choose a file with --data, or save nothing with --data=:memory:",
    );
  }
  if (os === "windows") return `${base}\\${FOLDER}\\${file}`;
  const folder = os === "darwin" ? "Library/Application Support" : ".local/share";
  return `${base}/${folder}/${FOLDER}/${file}`;
}
