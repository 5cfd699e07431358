// @ts-types="./std_http.d.ts"
import { eTag } from "@std/http/etag";
import { gzip, takesGzip, VARY_ENCODING } from "./compression.ts";
import type { Handlers } from "./route.ts";
import { servedSource } from "./served_source.ts";

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  ico: "image/x-icon",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
};

/** Files in memory, by path. */
export type StaticFiles = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** Reads a folder recursively. Paths begin with `/`. Skips files of unknown types. */
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

/**
 * Returns the text of a file.
 *
 * @throws {Deno.errors.NotFound}
 */
export function textOf(files: StaticFiles, path: string): string {
  const bytes = files.get(path);
  if (!bytes) throw new Deno.errors.NotFound(`static${path} is missing`);
  return new TextDecoder().decode(bytes);
}

/**
 * Returns a route that serves a file, compressed if the client takes that. Each form has an ETag, so that
 * browsers can revalidate their copy.
 */
export async function staticRoute(path: string, file: Uint8Array<ArrayBuffer>): Promise<Handlers> {
  const bytes = /\.(?:js|css)$/.test(path) ? withoutComments(file) : file;
  const etag = await eTag(bytes) ?? "";
  const headers = {
    "content-type": typeOf(path) ?? "",
    "cache-control": "no-cache",
    ...VARY_ENCODING,
  };
  const plain = { body: bytes, headers: { ...headers, etag } };
  // Compressed with the first request: doing it for all files would delay the start.
  let compressed: typeof plain | null = null;
  const compress = () => {
    const body = gzip(bytes);
    // A picture is compressed already.
    if (body.length >= bytes.length) return plain;
    const ownTag = etag.replace(/"$/, '-gzip"');
    return { body, headers: { ...headers, etag: ownTag, "content-encoding": "gzip" } };
  };
  return {
    GET({ request }) {
      const { body, headers } = takesGzip(request) ? compressed ??= compress() : plain;
      return isIn(request.headers.get("if-none-match") ?? "", headers.etag)
        ? new Response(null, { status: 304, headers })
        : new Response(body, { headers });
    },
  };
}

function withoutComments(file: Uint8Array): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(servedSource(new TextDecoder().decode(file)));
}

/** Returns whether an If-None-Match header has this tag, by weak comparison (RFC 9110 section 13.1.2). */
function isIn(header: string, etag: string): boolean {
  if (header.trim() === "*") return true;
  return header.split(",").some((tag) => opaqueOf(tag.trim()) === opaqueOf(etag));
}

/** Returns a tag without its mark of weakness. */
function opaqueOf(tag: string): string {
  return tag.startsWith("W/") ? tag.slice(2) : tag;
}

function typeOf(path: string): string | undefined {
  return TYPES[path.slice(path.lastIndexOf(".") + 1)];
}
