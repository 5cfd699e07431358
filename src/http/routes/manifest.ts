import type { Channel } from "../../channel/channel.ts";
import type { Handlers } from "../route.ts";

/** The dark page, as in static/css/base.css. */
const PAGE_COLOR = "#0b0d13";

/** Addresses are relative to the manifest's own, so that they hold below a base path. */
const ICONS = [
  { src: "img/icon_192.png", sizes: "192x192", type: "image/png" },
  { src: "img/icon_512.png", sizes: "512x512", type: "image/png" },
  { src: "img/icon_maskable.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
  { src: "favicon.svg", sizes: "any", type: "image/svg+xml" },
];

/**
 * Answers `/manifest.webmanifest`, by which browsers install the watch page as an app that has the
 * stream's title; see https://www.w3.org/TR/appmanifest/.
 */
export function manifestRoute(channel: Pick<Channel, "title">): Handlers {
  return {
    GET() {
      const { title } = channel;
      const manifest = {
        name: title,
        short_name: title,
        start_url: "./",
        scope: "./",
        display: "standalone",
        background_color: PAGE_COLOR,
        theme_color: PAGE_COLOR,
        icons: ICONS,
      };
      return new Response(JSON.stringify(manifest), {
        headers: { "content-type": "application/manifest+json", "cache-control": "no-cache" },
      });
    },
  };
}
