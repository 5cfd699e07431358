import type { Logger } from "../log/log.ts";
import { FOREIGN_RELATIONS } from "./guard.ts";
import { pageOrigin } from "./page_origin.ts";
import { HttpProblem } from "./problem.ts";
import type { Check } from "./route.ts";

/** Most sites that the log names. A program can claim to be any number of them. */
const MAX_LOGGED = 20;

/** Request destinations (Fetch standard, section 2.2.5) of frames. */
const FRAMES = ["iframe", "frame", "embed", "object"];

/** Names a page that sends neither Origin nor Referer. */
const UNKNOWN = "a page that does not name its site";

/** What {@linkcode foreignPageCheck} needs. */
export interface ForeignPageOptions {
  /** Origins whose pages may show the stream. */
  readonly allowedOrigins: readonly string[];
  /** Receives each blocked site once. */
  readonly log: Logger;
}

/**
 * Keeps pages of other sites from showing shared routes, and logs each site once, with the option that
 * allows it. Links to the stream work from anywhere.
 *
 * A request is refused with 403 if the browser itself reports that another site's page sent it. Over
 * plain HTTP an image is requested with no more than a Referer, which differs from our address even on
 * our own pages if a proxy changed Host. Cross-Origin-Resource-Policy then leaves the decision to the
 * browser (see `securityHeaders`), which knows both addresses.
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

  return ({ request: { headers }, url }, { shared }) => {
    if (!shared) return null;
    const site = pageOrigin(headers);
    if (site !== null && allowedOrigins.includes(site)) return null;
    const suspicion = suspicionOf(headers, site, url);
    if (suspicion === "none") return null;
    const use = useOf(headers);
    // Anyone may link to the stream. A request for a page made for frames is more likely one of those.
    if (use === "link" || (use === "link or frame" && shared !== "frame")) return null;
    logOnce(site);
    // The headers of any answer keep it out of frames.
    if (suspicion === "possible" || use !== "part") return null;
    throw new HttpProblem(
      403,
      site === null
        ? "Let the page send its origin as Referer: the server must know which site shows the stream"
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
