// The parts of @std/http in use, which has no types as an npm package.

/** A cookie to set (RFC 6265). */
export interface Cookie {
  /** Name, with its prefix. */
  name: string;
  /** Value, without characters that cookies forbid. */
  value: string;
  /** Path below which browsers send it. */
  path?: string;
  /** Lifetime. Seconds. */
  maxAge?: number;
  /** Whether scripts cannot read it. */
  httpOnly?: boolean;
  /** When browsers send it with requests of other sites. */
  sameSite?: "Strict" | "Lax" | "None";
  /** Whether browsers send it over HTTPS only. */
  secure?: boolean;
}

/** Returns the cookies of a request by name; throws for a malformed one. */
export function getCookies(headers: Headers): Record<string, string>;
/** Adds a Set-Cookie header. */
export function setCookie(headers: Headers, cookie: Cookie): void;

/** Returns the best of `types` by the request's Accept header (RFC 9110 section 12.5.1). */
export function accepts(request: Pick<Request, "headers">, ...types: string[]): string | undefined;

/** Returns the best of `encodings` by the request's Accept-Encoding header (RFC 9110 section 12.5.3). */
export function acceptsEncodings(
  request: Pick<Request, "headers">,
  ...encodings: string[]
): string | undefined;
/** Returns the languages of the request's Accept-Language header, best first (RFC 9110 section 12.5.4). */
export function acceptsLanguages(request: Pick<Request, "headers">): string[];

/** Returns a tag of the content. */
export function eTag(entity: string | Uint8Array): Promise<string | undefined>;

/** Reason phrases by status. */
export const STATUS_TEXT: Readonly<Record<number, string>>;
