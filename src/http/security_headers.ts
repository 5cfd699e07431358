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
const SHARED_PATHS = ["/stream", "/snapshot", "/snapshot.jpg", "/state"];
const FRAME_PATH = "/embed";

export interface SecurityHeadersOptions {
  readonly path: string;
  /** Of the page that asks; `null` where it does not say so. */
  readonly origin: string | null;
  /** Origins of pages to which the streamer opens some paths. */
  readonly allowedOrigins: readonly string[];
}

/** What is sent with an answer, whatever it answers. */
export function securityHeaders(options: SecurityHeadersOptions): Readonly<Record<string, string>> {
  const { path, origin, allowedOrigins } = options;
  if (allowedOrigins.length > 0 && path === FRAME_PATH) {
    return {
      ...HEADERS,
      "content-security-policy": [CONTENT_POLICY, ...allowedOrigins].join(" "),
      "cross-origin-resource-policy": "cross-origin",
    };
  }
  if (allowedOrigins.length === 0 || !SHARED_PATHS.includes(path)) return { ...HEADERS, ...FRAMES };
  const isAllowed = origin !== null && allowedOrigins.includes(origin);
  return {
    ...HEADERS,
    ...FRAMES,
    "cross-origin-resource-policy": "cross-origin",
    vary: "origin",
    ...(isAllowed && {
      "access-control-allow-origin": origin,
      "access-control-expose-headers": "x-timestamp, x-sequence",
    }),
  };
}
