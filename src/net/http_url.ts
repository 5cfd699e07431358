/** Returns an address to which requests can be sent: of HTTP or HTTPS, and a name or IPv4; `null` for other text. */
export function parseHttpUrl(text: string): URL | null {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname.startsWith("[")) return null;
  try {
    // They are sent decoded.
    decodeURIComponent(`${url.username}:${url.password}`);
  } catch {
    return null;
  }
  return url;
}
