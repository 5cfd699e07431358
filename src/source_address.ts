/** The parts of a network source's address. */
export interface Address {
  /** The scheme, in lower case: `rtsp`. */
  readonly scheme: string;
  /** User name and password as written, without the `@`; `null` if there are none. */
  readonly userInfo: string | null;
  /** Host and port as written: `10.0.0.7:554`. */
  readonly host: string;
  /** Path, query and fragment as written. */
  readonly rest: string;
  /** Whether `host` may in fact be part of a password or path. */
  readonly isAmbiguous: boolean;
}

/** Host and port of RFC 3986 section 3.2, with letters of any language. */
const HOST = /^(?:\[[\da-f:.]+(?:%[\w.-]+)?\]|[\p{L}\p{N}\p{M}._~-]*)(?::\d{0,5})?$/iu;

/** A host that is hardly part of a password: an IP address, or a name with a dot. */
const CERTAIN_HOST = /^(?:\[.*\]|localhost|[^:]*\.[^:]*)(?::\d*)?$/i;

/** Schemes whose user info ffmpeg decodes before it sends it; that of others it sends as written. */
const DECODED_SCHEMES: ReadonlySet<string> = new Set(["http", "https", "rtsp", "rtsps"]);

/**
 * Parses an address as people write it: user name and password may hold any character.
 *
 * Follows RFC 3986 if that gives a possible host, such as `cam` in `rtsp://cam/a@b`. Otherwise everything
 * before the last `@` is user info, as in `rtsp://me:a/b@cam`, where `me:a` cannot be a host.
 *
 * @returns `null` if the text does not begin with `scheme://`.
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
 * Returns the part of an address that the streamer and the log may see: scheme and host, or only the scheme
 * if the address is ambiguous. Paths and queries often hold stream keys and tokens.
 */
export function showAddress({ scheme, host, isAmbiguous }: Address): string {
  return `${scheme}://${isAmbiguous ? "…" : host}`;
}

/** A word without the separators of an address, except a short port; a path; a range of addresses. */
const HARMLESS =
  /^(?:[^/\\@?#=&%:]*(?::\d{0,3})?|(?:[/\\](?![/\\])|\.)[^@?#=&%:]*|[\d.]+\/\d{0,3})$/;

/**
 * Returns what an error message may show of a misplaced or unreadable word of the command line: it may be the
 * address of a source.
 */
export function showWord(word: string): string {
  const address = parseAddress(word);
  if (address) return showAddress(address);
  return HARMLESS.test(word) ? word : "…";
}

/** Returns an address for ffmpeg, with percent-encoded characters that would mean something else. */
export function encodeAddress({ scheme, userInfo, host, rest }: Address): string {
  if (!DECODED_SCHEMES.has(scheme)) {
    return `${scheme}://${userInfo === null ? "" : `${encode(userInfo, /[/?#]/g)}@`}${host}${rest}`;
  }
  const credentials = userInfo === null ? "" : `${encodeCredentials(userInfo)}@`;
  return `${scheme}://${credentials}${host}${encode(rest, /[^\x21-\x7e]+/g)}`;
}

function encodeCredentials(userInfo: string): string {
  const [, user, password] = /^([^:]*)(?::(.*))?$/s.exec(userInfo)!;
  // What is already encoded stays: a percent sign before two hexadecimal digits.
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
