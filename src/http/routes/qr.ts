import { renderSVG } from "uqr";
import { BoundedMap } from "../../bounded_map.ts";
import type { Handlers } from "../route.ts";
import type { Status } from "../route_parts.ts";
import { shareUrl } from "../share_url.ts";

/** Most codes kept, for the addresses at which the page was opened last. */
const MAX_CODES = 16;

/** Answers `/qr.svg` with the page's address as a QR code. */
export function qrRoute(status: Pick<Status, "networkUrl">): Handlers {
  const codes = new BoundedMap<string, string>(MAX_CODES);
  const codeOf = (address: string): string => {
    const code = codes.get(address) ?? renderSVG(address, { border: 2 });
    codes.set(address, code);
    return code;
  };
  return {
    GET(call) {
      return new Response(codeOf(shareUrl(call, status)), {
        headers: { "content-type": "image/svg+xml", "cache-control": "no-store" },
      });
    },
  };
}
