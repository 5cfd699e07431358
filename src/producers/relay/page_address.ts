import { encodeAddress, parseAddress } from "../../source_address.ts";

/** The longest address of a page. Characters. */
const MAX_LENGTH = 300;

/** Returns the address of a page as another program gave it; `null` if it is none that viewers may be sent to. */
export function readPageAddress(text: string): string | null {
  if (text.length > MAX_LENGTH || !/^https?:\/\//.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  const isPlain = url.username === "" && url.password === "" && url.search === "" &&
    url.hash === "";
  return isPlain ? url.href : null;
}

/**
 * Returns the address of the page that belongs to the stream of another livestream, without user name, password or query.
 *
 * @param source `http://me:secret@other:8081/live/stream?quality=low`
 * @returns `null` if it is no such address, or it is not certain which part of it is the password.
 */
export function pageOf(source: string): string | null {
  const address = parseAddress(source);
  if (address === null || address.isAmbiguous || !/^https?$/.test(address.scheme)) return null;
  const plain = encodeAddress({ ...address, userInfo: null });
  if (!URL.canParse(plain)) return null;
  const url = new URL(plain);
  url.search = url.hash = "";
  url.pathname = url.pathname.replace(/[^/]*$/, "");
  return readPageAddress(url.href);
}
