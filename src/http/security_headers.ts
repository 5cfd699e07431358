import type { Policy } from "./route.ts";

/**
 * `wasm-unsafe-eval` compiles the decoder of the sound, which is WebAssembly; it lets no text run as a script.
 * MediaSource plays H.264 from a `blob:`.
 */
const CONTENT_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; " +
  "style-src 'self'; media-src 'self' blob:; img-src 'self' blob: data:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'self'";

/** Device features that our pages never use. */
const UNUSED = [
  "accelerometer",
  "camera",
  "display-capture",
  "geolocation",
  "gyroscope",
  "hid",
  "magnetometer",
  "microphone",
  "midi",
  "payment",
  "serial",
  "usb",
];
const PERMISSIONS_POLICY = [
  "fullscreen=(self)",
  "picture-in-picture=(self)",
  ...UNUSED.map((feature) => `${feature}=()`),
].join(", ");

/**
 * Sent with every response: pages run only our own files, and nobody else embeds or sniffs them. There
 * is no Strict-Transport-Security: a browser that once trusted a self-signed certificate would then
 * refuse plain HTTP at this name, whatever else runs there.
 */
const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": CONTENT_POLICY,
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": PERMISSIONS_POLICY,
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
};

/** For browsers that do not know `frame-ancestors`. It cannot name other sites. */
const FRAMES = { "x-frame-options": "SAMEORIGIN" };

/** Request headers that decide which page may show and read a shared route. */
const VARY = { vary: "origin, referer, sec-fetch-site" };

/** What {@linkcode securityHeaders} decides by. */
export interface SecurityHeadersOptions {
  /** What the route shares with other sites. */
  readonly shared: Policy["shared"];
  /** Origin of the page that sent the request; `null` if unknown. */
  readonly site: string | null;
  /** Whether a script of that page wants to read the response: the request has an `Origin`. */
  readonly isRead: boolean;
  /** Origins whose pages may use shared routes. */
  readonly allowedOrigins: readonly string[];
}

/**
 * Returns the headers of a response. Whether a page of another site may show it is decided for each
 * request, so that allowing one site opens nothing to others.
 */
export function securityHeaders(options: SecurityHeadersOptions): Readonly<Record<string, string>> {
  const { shared, site, isRead, allowedOrigins } = options;
  const isAllowed = site !== null && allowedOrigins.includes(site);
  const shown = isAllowed && { "cross-origin-resource-policy": "cross-origin" };
  if (!shared) return { ...HEADERS, ...FRAMES };
  if (shared === "frame") {
    const isOpen = allowedOrigins.length > 0;
    const policy = { "content-security-policy": [CONTENT_POLICY, ...allowedOrigins].join(" ") };
    return { ...HEADERS, ...(isOpen ? policy : FRAMES), ...shown, ...VARY };
  }
  return {
    ...HEADERS,
    ...FRAMES,
    ...shown,
    ...VARY,
    ...(isAllowed && isRead && {
      "access-control-allow-origin": site,
      "access-control-expose-headers": "x-timestamp, x-sequence",
    }),
  };
}
