// @ts-types="./std_http.d.ts"
import { UserAgent } from "@std/http/user_agent";

/** Of the names of browsers, what says on what they run, which is told apart. */
const VARIANTS = /^Mobile | (Headless|WebView|Mobile)\b.*$/g;

/** What `libavformat` calls itself, in ffplay and in much else. */
const KNOWN: Readonly<Record<string, string>> = {
  lavf: "ffmpeg",
  vlc: "VLC",
};

const UNKNOWN = "A program";

/** What a User-Agent header says of a device: `Chrome on Android`, `VLC`, `curl`. */
export function deviceOf(userAgent: string | null): string {
  if (!userAgent) return UNKNOWN;
  const { browser, os } = new UserAgent(userAgent);
  // Browsers all begin so; the library takes some other programs for devices.
  if (userAgent.startsWith("Mozilla/")) {
    const name = browser.name?.replace(VARIANTS, "") ?? "A browser";
    return os.name ? `${name} on ${os.name}` : name;
  }
  // `curl/8.5.0`, `VLC/3.0.20 LibVLC/3.0.20` (RFC 9110 section 10.1.5); at most what fits a line.
  const [product = ""] = /^[\w.+-]{1,24}(?=[/ ]|$)/.exec(userAgent) ?? [];
  return KNOWN[product.toLowerCase()] ?? (product || UNKNOWN);
}
