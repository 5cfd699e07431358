import { renderSVG } from "uqr";
import type { Route } from "../router.ts";
import type { Services } from "../services.ts";
import { shareUrl } from "../share_url.ts";

/** `/qr.svg`: the page's address as a QR code. */
export function qrRoute(services: Pick<Services, "networkUrl">): Route {
  return {
    GET({ url }) {
      const svg = renderSVG(shareUrl(url, services), { border: 2 });
      return new Response(svg, {
        headers: { "content-type": "image/svg+xml", "cache-control": "no-store" },
      });
    },
  };
}
