import { renderSVG } from "uqr";
import { BoundedMap } from "../../bounded_map.ts";
import type { Route } from "../router.ts";
import type { Services } from "../services.ts";
import { shareUrl } from "../share_url.ts";

/** Codes that are kept: of the addresses by which the page was opened last. */
const MAX_CODES = 16;

/** `/qr.svg`: the page's address as a QR code. */
export function qrRoute(services: Pick<Services, "networkUrl">): Route {
  const codes = new BoundedMap<string, string>(MAX_CODES);
  const codeOf = (address: string): string => {
    const code = codes.get(address) ?? renderSVG(address, { border: 2 });
    codes.set(address, code);
    return code;
  };
  return {
    GET(call) {
      return new Response(codeOf(shareUrl(call, services)), {
        headers: { "content-type": "image/svg+xml", "cache-control": "no-store" },
      });
    },
  };
}
