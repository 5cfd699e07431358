/** The actions of mjpg-streamer, which may have the number of a camera: `stream_0`. */
const ACTION = /^(stream|snapshot)(?:_\d{1,3})?$/;

/** Our own paths, also with a final slash, or in OctoPi's folder for cameras, which not every proxy strips. */
const DIRECT = /^(?:\/webcam\d{0,2})?(\/stream|\/snapshot|\/snapshot\.jpg|\/state)\/?$/;

/** Any folder, or OctoPi's without its final slash. */
const FOLDER = /\/$|^\/webcam\d{0,2}$/;

/** A `?` in a query, from a client that added its own parameters to an address that already had some. */
const SEPARATOR = /\?|%3f/gi;

/**
 * Rewrites the addresses that people and programs use with mjpg-streamer and µStreamer to those that the
 * router knows: `/?action=stream?nonce=1`, `/webcam/?action=snapshot_0`, `/stream/`. Call this before any
 * check, so that every check holds for them too. Leaves other addresses alone.
 */
export function rewriteCommonAddress(url: URL): void {
  const [, path] = DIRECT.exec(url.pathname) ?? [];
  if (path === undefined && !FOLDER.test(url.pathname)) return;
  const query = new URLSearchParams(url.search.slice(1).replace(SEPARATOR, "&"));
  if (path !== undefined) {
    url.pathname = path;
    url.search = query.toString();
    return;
  }
  const [, action] = ACTION.exec(query.get("action") ?? "") ?? [];
  if (action === undefined) return;
  query.delete("action");
  url.pathname = `/${action}`;
  url.search = query.toString();
}
