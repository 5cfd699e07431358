// The few functions that are used of @std/http, which comes here without types.

export interface Cookie {
  name: string;
  value: string;
  path?: string;
  /** Seconds. */
  maxAge?: number;
  httpOnly?: boolean;
  sameSite?: "Strict" | "Lax" | "None";
  secure?: boolean;
}

export function getCookies(headers: Headers): Record<string, string>;
export function setCookie(headers: Headers, cookie: Cookie): void;

/** The best of `types` by the request's Accept header (RFC 9110 section 12.5.1). */
export function accepts(request: Pick<Request, "headers">, ...types: string[]): string | undefined;

export function eTag(entity: string | Uint8Array): Promise<string | undefined>;

export const STATUS_TEXT: Readonly<Record<number, string>>;
