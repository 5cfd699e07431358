const CONTENT_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; " +
  "img-src 'self' blob: data:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'self'";

/** What devices have that a page of ours never asks for; the screen is all it uses. */
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
 * Sent with every answer: pages run only our own files, and nobody else embeds or sniffs them. No
 * Strict-Transport-Security: by it a browser that once trusted a self-signed certificate would
 * refuse the name without one, for whatever else runs there.
 */
const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": CONTENT_POLICY,
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": PERMISSIONS_POLICY,
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
};

/** For browsers that do not know of `frame-ancestors`; it has no word for other sites. */
const FRAMES = { "x-frame-options": "SAMEORIGIN" };

/** What pages of the allowed origins may read; `/embed` alone may stand in their frames. */
export const SHARED_PATHS = ["/stream", "/snapshot", "/snapshot.jpg", "/state"];
export const FRAME_PATH = "/embed";

/** The request headers that decide which page may show and read those paths. */
const VARY = { vary: "origin, referer, sec-fetch-site" };

export interface SecurityHeadersOptions {
  readonly path: string;
  /** Origin of the page that sent the request; `null` if it is not known. */
  readonly site: string | null;
  /** Whether a script of that page wants to read the answer: the request has an `Origin`. */
  readonly isRead: boolean;
  /** Origins of pages to which the streamer opens some paths. */
  readonly allowedOrigins: readonly string[];
}

/**
 * Returns the headers that every answer gets. Whether a page of another site may show an answer is
 * decided for each request, so that allowing one site opens nothing to the others.
 */
export function securityHeaders(options: SecurityHeadersOptions): Readonly<Record<string, string>> {
  const { path, site, isRead, allowedOrigins } = options;
  const isAllowed = site !== null && allowedOrigins.includes(site);
  const shown = isAllowed && { "cross-origin-resource-policy": "cross-origin" };
  if (path === FRAME_PATH) {
    const isOpen = allowedOrigins.length > 0;
    const policy = { "content-security-policy": [CONTENT_POLICY, ...allowedOrigins].join(" ") };
    return { ...HEADERS, ...(isOpen ? policy : FRAMES), ...shown, ...VARY };
  }
  if (!SHARED_PATHS.includes(path)) return { ...HEADERS, ...FRAMES };
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
