/** The address of a network source, taken apart. */
export interface Address {
  /** In lower case: `rtsp`. */
  readonly scheme: string;
  /** User name and password as written, without the `@`; `null` where there are none. */
  readonly userInfo: string | null;
  /** Host and port as written: `10.0.0.7:554`. */
  readonly host: string;
  /** Path, query and fragment as written. */
  readonly rest: string;
  /** Whether part of a password or path may have been taken for the host. */
  readonly isAmbiguous: boolean;
}

/** Host and port of RFC 3986 section 3.2, with letters of any language. */
const HOST = /^(?:\[[\da-f:.]+(?:%[\w.-]+)?\]|[\p{L}\p{N}\p{M}._~-]*)(?::\d{0,5})?$/iu;

/** A host that is hardly a piece of a password: an IP address, or a name with a dot. */
const CERTAIN_HOST = /^(?:\[.*\]|localhost|[^:]*\.[^:]*)(?::\d*)?$/i;

/** Schemes whose user info ffmpeg decodes before it sends it; others get theirs as written. */
const DECODED_SCHEMES: ReadonlySet<string> = new Set(["http", "https", "rtsp", "rtsps"]);

/**
 * Parses an address as people write it: user name and password may hold any character.
 *
 * Follows RFC 3986 where that gives a possible host, as `cam` in `rtsp://cam/a@b`. Otherwise all that
 * precedes the last `@` is user info, as in `rtsp://me:a/b@cam`, where `me:a` can be no host.
 *
 * @returns Null if the text does not begin with `scheme://`.
 */
export function parseAddress(text: string): Address | null {
  const [, scheme, after] = /^([a-z][a-z0-9+.-]+):\/\/(.*)$/is.exec(text) ?? [];
  if (scheme === undefined) return null;
  const authorityEnd = after.search(/[/?#]|$/);
  const authority = after.slice(0, authorityEnd);
  const lastAt = after.lastIndexOf("@");
  const ownAt = authority.lastIndexOf("@");
  const ownHost = authority.slice(ownAt + 1);
  const isAtLater = lastAt > authorityEnd;
  const isOwnSound = HOST.test(ownHost);
  const followsRfc = isOwnSound && (!isAtLater || ownAt < 0 || CERTAIN_HOST.test(ownHost));
  const at = followsRfc ? ownAt : lastAt;
  const behind = after.slice(at + 1);
  const hostEnd = behind.search(/[/?#]|$/);
  const host = behind.slice(0, hostEnd);
  const isOnlyReading = !isAtLater || (!isOwnSound && after.indexOf("@") === lastAt);
  return {
    scheme: scheme.toLowerCase(),
    userInfo: at < 0 ? null : after.slice(0, at),
    host,
    rest: behind.slice(hostEnd),
    isAmbiguous: !isOnlyReading || !HOST.test(host),
  };
}

/**
 * Returns what the streamer and the log may see of an address: scheme and host, and of an
 * ambiguous one the scheme alone. Paths and queries hold stream keys and tokens as often as not.
 */
export function showAddress({ scheme, host, isAmbiguous }: Address): string {
  return `${scheme}://${isAmbiguous ? "…" : host}`;
}

/** A word without what parts an address, but for a short port; a path; a range of addresses. */
const HARMLESS =
  /^(?:[^/\\@?#=&%:]*(?::\d{0,3})?|(?:[/\\](?![/\\])|\.)[^@?#=&%:]*|[\d.]+\/\d{0,3})$/;

/**
 * Returns what may be shown of a word of a command line that is out of place or cannot be read, as
 * it may be the address of a source.
 */
export function showWord(word: string): string {
  const address = parseAddress(word);
  if (address) return showAddress(address);
  return HARMLESS.test(word) ? word : "…";
}

/** Returns an address as ffmpeg reads it, with what would mean something else percent-encoded. */
export function encodeAddress({ scheme, userInfo, host, rest }: Address): string {
  if (!DECODED_SCHEMES.has(scheme)) {
    return `${scheme}://${userInfo === null ? "" : `${encode(userInfo, /[/?#]/g)}@`}${host}${rest}`;
  }
  const credentials = userInfo === null ? "" : `${encodeCredentials(userInfo)}@`;
  return `${scheme}://${credentials}${host}${encode(rest, /[^\x21-\x7e]+/g)}`;
}

function encodeCredentials(userInfo: string): string {
  const [, user, password] = /^([^:]*)(?::(.*))?$/s.exec(userInfo)!;
  // What is encoded already stays: a percent sign before two hexadecimal digits is one of those.
  const part = (text: string) => encode(text, /%(?![\da-f]{2})|[^\w.~%-]+/gi);
  return password === undefined ? part(user) : `${part(user)}:${part(password)}`;
}

function encode(text: string, unsafe: RegExp): string {
  return text.toWellFormed().replace(
    unsafe,
    (found) =>
      encodeURIComponent(found).replace(
        /[!'()*]/g,
        (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
  );
}
