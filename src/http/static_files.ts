// @ts-types="./std_http.d.ts"
import { eTag, ifNoneMatch } from "@std/http/etag";
import type { Route } from "./router.ts";

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  ico: "image/x-icon",
  js: "text/javascript; charset=utf-8",
  png: "image/png",
  svg: "image/svg+xml",
  webmanifest: "application/manifest+json",
};

/** Every file of a folder, held in memory. */
export type StaticFiles = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** Reads a folder with all it holds; the paths begin with `/`. Files of no known type are left out. */
export async function readStaticFiles(folder: URL): Promise<StaticFiles> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const read = async (path: string) => {
    for await (const entry of Deno.readDir(new URL("." + path, folder))) {
      if (entry.isDirectory) await read(`${path}${entry.name}/`);
      else if (typeOf(entry.name)) {
        files.set(path + entry.name, await Deno.readFile(new URL("." + path + entry.name, folder)));
      }
    }
  };
  await read("/");
  return files;
}

/** A route that serves a file and lets browsers ask whether theirs is still good. */
export async function staticRoute(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<Route> {
  const etag = await eTag(bytes) ?? "";
  const headers = { "content-type": typeOf(path) ?? "", etag, "cache-control": "no-cache" };
  return {
    GET: ({ request }) =>
      ifNoneMatch(request.headers.get("if-none-match"), etag)
        ? new Response(bytes, { headers })
        : new Response(null, { status: 304, headers }),
  };
}

function typeOf(path: string): string | undefined {
  return TYPES[path.slice(path.lastIndexOf(".") + 1)];
}
