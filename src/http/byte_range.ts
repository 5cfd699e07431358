/** Some bytes of a file, both ends included. */
export interface ByteRange {
  /** The first one. */
  readonly first: number;
  /** The last one. */
  readonly last: number;
}

/** Size and version of the file a range is requested from. */
export interface RangedFile {
  /** Its length. */
  readonly bytes: number;
  /** Its strong `ETag`, in quotes; `null` if it has none, as it is changing. */
  readonly etag: string | null;
}

/** `bytes=0-499`, `bytes=500-`, `bytes=-500` (RFC 9110 section 14.1.2). */
const SINGLE = /^bytes=[ \t]*(\d{0,16})-(\d{0,16})[ \t]*$/i;

/**
 * Returns the range that a request asks for (RFC 9110 section 14.2): `null` if the whole file is to be sent, as
 * no range is asked for, or several, or one of another version of the file; `unsatisfiable` if there is
 * nothing where it begins.
 */
export function requestedRange(
  { headers }: Pick<Request, "headers">,
  { bytes, etag }: RangedFile,
): ByteRange | "unsatisfiable" | null {
  const condition = headers.get("if-range");
  // Only a strong tag proves that the bytes are the same; dates are not given.
  if (condition !== null && condition !== etag) return null;
  const [, from, to] = SINGLE.exec(headers.get("range") ?? "") ?? [];
  if (from === undefined || (from === "" && to === "")) return null;
  if (from === "") {
    const length = Math.min(Number(to), bytes);
    return length === 0 ? "unsatisfiable" : { first: bytes - length, last: bytes - 1 };
  }
  const first = Number(from);
  if (to !== "" && Number(to) < first) return null;
  if (first >= bytes) return "unsatisfiable";
  return { first, last: to === "" ? bytes - 1 : Math.min(Number(to), bytes - 1) };
}
