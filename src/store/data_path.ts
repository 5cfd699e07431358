import { UserError } from "../errors.ts";
import { exists } from "./exists.ts";

/** What tells the values of environment variables, such as `Deno.env`. */
export interface Environment {
  get(name: string): string | undefined;
}

const FOLDER = "livestream";

/**
 * Returns the file with which a server begins: its own, by its port, once it has had one. If it went
 * back to the common one, the server that starts first would take over the other's title, and the
 * other would forget that its camera was off air.
 *
 * @param own `null` for a server that can have none.
 */
export function chooseData(common: string, own: string | null): string {
  return own !== null && exists(own) ? own : common;
}

/**
 * Where a person's data lie by the custom of their system: `$XDG_DATA_HOME` or `~/.local/share`
 * (XDG Base Directory Specification 0.8), `~/Library/Application Support`, `%LOCALAPPDATA%`.
 *
 * @param os As `Deno.build.os`.
 * @param port Of a server that is not the only one; each of these has a file of its own.
 * @throws {UserError} The environment does not tell where that is.
 */
export function defaultDataPath(environment: Environment, os: string, port?: number): string {
  const file = port === undefined ? "livestream.db" : `livestream-${port}.db`;
  const variable = os === "windows" ? "LOCALAPPDATA" : "HOME";
  const xdg = os === "windows" || os === "darwin" ? undefined : environment.get("XDG_DATA_HOME");
  // Relative paths in it are to be ignored.
  if (xdg?.startsWith("/")) return `${xdg}/${FOLDER}/${file}`;
  const base = environment.get(variable);
  if (!base) {
    throw new UserError(
      `Cannot tell where to keep chat and donations: ${variable} is not set. ` +
        "Name a file with --data, or keep nothing with --data=:memory:",
    );
  }
  if (os === "windows") return `${base}\\${FOLDER}\\${file}`;
  const folder = os === "darwin" ? "Library/Application Support" : ".local/share";
  return `${base}/${folder}/${FOLDER}/${file}`;
}
