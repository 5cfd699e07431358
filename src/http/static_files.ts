// @ts-types="./std_http.d.ts"
import { eTag } from "@std/http/etag";
import type { Handlers } from "./route.ts";

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
export async function staticRoute(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<Handlers> {
  const etag = await eTag(bytes) ?? "";
  const headers = { "content-type": typeOf(path) ?? "", etag, "cache-control": "no-cache" };
  return {
    GET: ({ request }) =>
      isIn(request.headers.get("if-none-match") ?? "", etag)
        ? new Response(null, { status: 304, headers })
        : new Response(bytes, { headers }),
  };
}

/** Whether an If-None-Match header has this tag, by weak comparison (RFC 9110 section 13.1.2). */
function isIn(header: string, etag: string): boolean {
  if (header.trim() === "*") return true;
  return header.split(",").some((tag) => opaqueOf(tag.trim()) === opaqueOf(etag));
}

/** A tag without the mark of a weak one. */
function opaqueOf(tag: string): string {
  return tag.startsWith("W/") ? tag.slice(2) : tag;
}

function typeOf(path: string): string | undefined {
  return TYPES[path.slice(path.lastIndexOf(".") + 1)];
}
