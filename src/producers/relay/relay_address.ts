import { type Address, parseAddress } from "../../source_address.ts";

/** Settings of a stream that show the past, whose sound is not live. */
const PAST = /[?&](?:at|delay)=/;

/** Returns whether this can be the address of a livestream: its stream, its sound, or its page. */
export function mayBeLivestream(url: string): boolean {
  const { rest } = webAddress(url) ?? {};
  return rest !== undefined && /^(?:\/[^?#]*)?\/(?:stream|sound\.ogg)?(?:[?#]|$)/.test(rest || "/");
}

/**
 * Returns the address of the sound that belongs to the stream of a livestream; `null` if this is not the address of one.
 *
 * @param url `http://other:8081/stream?quality=low`, or its page.
 */
export function soundOfStream(url: string): string | null {
  const address = webAddress(url);
  const [, folder] = /^((?:\/[^?#]*)?)\/(?:stream)?(?:[?#]|$)/.exec(address?.rest || "/") ?? [];
  if (address === null || folder === undefined || PAST.test(address.rest)) return null;
  return write({ ...address, rest: `${folder}/sound.ogg?times=1` });
}

/** Returns the address of the stream of a page; `null` if this cannot be the address of one. */
export function streamOfPage(url: string): string | null {
  const address = webAddress(url);
  const [, folder] = /^((?:\/[^?#]*)?)\/(?:#.*)?$/.exec(address?.rest || "/") ?? [];
  return address === null || folder === undefined
    ? null
    : write({ ...address, rest: `${folder}/stream` });
}

function webAddress(url: string): Address | null {
  const address = parseAddress(url);
  return address && /^https?$/.test(address.scheme) && !address.isAmbiguous ? address : null;
}

function write({ scheme, userInfo, host, rest }: Address): string {
  return `${scheme}://${userInfo === null ? "" : `${userInfo}@`}${host}${rest}`;
}
