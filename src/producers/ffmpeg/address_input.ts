import { encodeAddress, parseAddress } from "../../source_address.ts";
import { protocolOptions } from "./protocols.ts";
import { isWebAddress, type Source } from "./source.ts";

/** A source that ffmpeg reads over the network. */
export type Address = Source & { readonly kind: "url" };

/** Half a second is enough to see what it is; more only delays the first picture. */
const SHORT_PROBE = ["-probesize", "500000", "-analyzeduration", "500000"];

/** The largest piece of memory that ffmpeg may ask for: a picture that never ends grows in one. */
const MAX_PIECE = ["-max_alloc", String(64 << 20)];

/** Says where ffmpeg connects to, which is watched; the last `-loglevel` counts. */
const VERBOSE = ["-loglevel", "repeat+verbose"];

/**
 * Returns ffmpeg's arguments that open an address, all but those of its output.
 *
 * @param options More options of the input.
 * @param protocols Protocols that ffmpeg may use besides those that the address needs.
 */
export function addressInput(
  source: Address,
  options: readonly string[] = [],
  protocols: readonly string[] = [],
): string[] {
  const address = parseAddress(source.url)!;
  const redirects = isWebAddress(source) && !source.followsRedirects ? ["-max_redirects", "0"] : [];
  return [
    ...VERBOSE,
    ...MAX_PIECE,
    ...SHORT_PROBE,
    ...protocolOptions(address.scheme, protocols),
    ...redirects,
    ...options,
    ...["-i", encodeAddress(address)],
  ];
}
