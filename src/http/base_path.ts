import { UserError } from "../errors.ts";
import { seeOther } from "./relative_path.ts";
import type { Check } from "./router.ts";

/**
 * Refuses a base path below which the program has addresses of its own: behind a proxy that strips
 * it, one could not be told from the other.
 *
 * @param basePath Begins and ends with `/`.
 * @param paths Those of the program, such as `/stream` and `/js/watch.js`.
 * @throws {UserError} With exit code 2.
 */
export function refuseOwnPath(basePath: string, paths: Iterable<string>): void {
  const [, first] = basePath.split("/");
  for (const path of paths) {
    if (first === "" || path.split("/")[1] !== first) continue;
    throw new UserError(`Choose another --base-path: the program itself uses /${first}`, 2);
  }
}

/** Redirects from the base path without its last slash, against which no page finds its files. */
export function checkSlash(basePath: string): Check {
  return (call) => {
    const { request: { method }, url } = call;
    if (`${url.pathname}/` !== basePath || (method !== "GET" && method !== "HEAD")) return null;
    return seeOther(call, basePath + url.search);
  };
}

/** Returns a path without the base path before it; `null` where it has none. */
export function withoutBasePath(path: string, basePath: string): string | null {
  return path.startsWith(basePath) ? path.slice(basePath.length - 1) : null;
}
