import { UserError } from "../errors.ts";
import { seeOther } from "./relative_path.ts";
import type { Check } from "./route.ts";

/**
 * Refuses a base path that is also the start of a path of the program: behind a proxy that strips the base
 * path, the two would be indistinguishable.
 *
 * @param basePath The base path, which begins and ends with `/`.
 * @param paths The paths of the program, such as `/stream` and `/js/watch.js`.
 * @throws {UserError} With exit code 2.
 */
export function refuseOwnPath(basePath: string, paths: Iterable<string>): void {
  const [, first] = basePath.split("/");
  for (const path of paths) {
    if (first === "" || path.split("/")[1] !== first) continue;
    throw new UserError(`Choose another --base-path: the program itself uses /${first}`, 2);
  }
}

/** Returns a check that redirects from the base path without its final slash, where no page finds its files. */
export function checkSlash(basePath: string): Check {
  return (call) => {
    const { request: { method }, url } = call;
    if (`${url.pathname}/` !== basePath || (method !== "GET" && method !== "HEAD")) return null;
    return seeOther(call, basePath + url.search);
  };
}

/** Returns a path without the base path before it; `null` if it does not begin with that. */
export function withoutBasePath(path: string, basePath: string): string | null {
  return path.startsWith(basePath) ? path.slice(basePath.length - 1) : null;
}
