// The part of @std/csv in use, which has no types as an npm package.

/** Returns CSV (RFC 4180), its lines ended by CRLF. Quotes cells where needed. */
export function stringify(
  data: readonly (readonly (string | number | null)[])[],
): string;
