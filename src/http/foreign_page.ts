import type { Logger } from "../log/log.ts";
import { FOREIGN_RELATIONS } from "./guard.ts";
import { pageOrigin } from "./page_origin.ts";
import { HttpProblem } from "./problem.ts";
import type { Check } from "./router.ts";
import { FRAME_PATH, SHARED_PATHS } from "./security_headers.ts";

/** How many sites the log names. Programs can claim to be any number of them. */
const MAX_LOGGED = 20;

/** Destinations (Fetch standard, section 2.2.5) that are shown in a frame of another page. */
const FRAMES = ["iframe", "frame", "embed", "object"];

/** A page that sends neither Origin nor Referer. */
const UNKNOWN = "a page that does not name its site";

export interface ForeignPageOptions {
  /** Origins whose pages may show the stream. */
  readonly allowedOrigins: readonly string[];
  readonly log: Logger;
}

/**
 * Keeps pages of other sites from showing the stream, and logs each site once, with the option that
 * allows it. Links to the stream work from anywhere.
 *
 * A request is refused with 403 if the browser itself says that another site's page sent it. Over
 * plain HTTP an image comes with no more than a Referer, and that differs from our address also on
 * our own pages if a proxy has changed Host. In that case Cross-Origin-Resource-Policy leaves it to
 * the browser (see `securityHeaders`), which knows both addresses.
 */
export function foreignPageCheck({ allowedOrigins, log }: ForeignPageOptions): Check {
  const logged = new Set<string>();

  function logOnce(site: string | null): void {
    const key = site ?? UNKNOWN;
    if (logged.has(key) || logged.size >= MAX_LOGGED) return;
    logged.add(key);
    log.warn(
      site === null
        ? `Blocked ${UNKNOWN} from showing the stream: to allow it, remove its Referrer-Policy`
        : `Blocked ${site} from showing the stream: to allow it, add --allow-origin ${site}`,
    );
  }

  return ({ request: { headers }, url }) => {
    const isFrame = url.pathname === FRAME_PATH;
    if (!isFrame && !SHARED_PATHS.includes(url.pathname)) return null;
    const site = pageOrigin(headers);
    if (site !== null && allowedOrigins.includes(site)) return null;
    const suspicion = suspicionOf(headers, site, url);
    if (suspicion === "none") return null;
    const use = useOf(headers);
    // Anyone may link to the stream. A request for /embed is more likely a frame than a link.
    if (use === "link" || (use === "link or frame" && !isFrame)) return null;
    logOnce(site);
    // The headers of any answer keep it out of frames.
    if (suspicion === "possible" || use !== "part") return null;
    throw new HttpProblem(
      403,
      site === null
        ? "Let the page send its origin as Referer: this server has to know which site shows the stream"
        : `Start the server with --allow-origin ${site} to let pages of that site show the stream`,
    );
  };
}

/** Returns how sure it is that another site's page sent a request. */
function suspicionOf(
  headers: Headers,
  site: string | null,
  url: URL,
): "none" | "possible" | "sure" {
  const relation = headers.get("sec-fetch-site");
  if (relation !== null) return FOREIGN_RELATIONS.includes(relation) ? "sure" : "none";
  const isNamed = headers.has("origin");
  if (site === null) return isNamed ? "sure" : "none";
  const { host, hostname } = new URL(site);
  // A proxy before us may have ended HTTPS, or left out the port.
  if (host === url.host || (hostname === url.hostname && url.port === "")) return "none";
  return isNamed ? "sure" : "possible";
}

/** Returns what a browser wants the answer for; a part is an image, or what a script reads. */
function useOf(headers: Headers): "link" | "frame" | "link or frame" | "part" {
  const destination = headers.get("sec-fetch-dest");
  if (destination === "document") return "link";
  if (destination !== null) return FRAMES.includes(destination) ? "frame" : "part";
  return /\btext\/html\b/.test(headers.get("accept") ?? "") ? "link or frame" : "part";
}
