/** What mjpg-streamer's clients ask for, maybe with the number of a camera: `stream_0`. */
const ACTION = /^(stream|snapshot)(?:_\d{1,3})?$/;

/** Our own paths, also with a last slash, or in OctoPi's folder for cameras, which not every proxy strips. */
const DIRECT = /^(?:\/webcam\d{0,2})?(\/stream|\/snapshot|\/snapshot\.jpg|\/state)\/?$/;

/** Any folder, or that one without its last slash. */
const FOLDER = /\/$|^\/webcam\d{0,2}$/;

/** A `?` in a query: a client has added its own parameters to an address that had some already. */
const SEPARATOR = /\?|%3f/gi;

/**
 * Rewrites the addresses that people and programs use with mjpg-streamer and µStreamer to the ones
 * that the router knows: `/?action=stream?nonce=1`, `/webcam/?action=snapshot_0`, `/stream/`. To be
 * called before any check, so that all of them hold for these as well. Leaves other addresses alone.
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
