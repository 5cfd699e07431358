import { encodeAddress, parseAddress } from "../../source_address.ts";
import { mayBeLivestream } from "../relay/relay_address.ts";
import { protocolOptions } from "./protocols.ts";
import { isWebAddress, type Source } from "./source.ts";

/** A source that ffmpeg reads over the network. */
export type Address = Source & { readonly kind: "url" };

/** Half a second is enough to detect the format; more would only delay the first frame. */
const SHORT_PROBE = ["-probesize", "500000", "-analyzeduration", "500000"];

/** The largest block of memory that ffmpeg may allocate: an endless picture grows in one block. */
const MAX_PIECE = ["-max_alloc", String(64 << 20)];

/** Logs where ffmpeg connects to, which is watched; the last `-loglevel` counts. */
const VERBOSE = ["-loglevel", "repeat+verbose"];

/**
 * Returns ffmpeg's arguments that open an address, without those for its output.
 *
 * @param options Additional options of the input.
 * @param protocols Additional protocols that ffmpeg may use.
 */
export function addressInput(
  source: Address,
  options: readonly string[] = [],
  protocols: readonly string[] = [],
): string[] {
  const address = parseAddress(source.url)!;
  const redirects = isWebAddress(source) && !source.followsRedirects ? ["-max_redirects", "0"] : [];
  const agent = mayBeLivestream(source.url) ? ["-user_agent", "livestream-relay"] : [];
  return [
    ...VERBOSE,
    ...MAX_PIECE,
    ...SHORT_PROBE,
    ...protocolOptions(address.scheme, protocols),
    ...redirects,
    ...agent,
    ...options,
    ...["-i", encodeAddress(address)],
  ];
}
