/** Longest part of a User-Agent that is read. Browsers send up to about 200. Characters. */
const MAX_LENGTH = 256;

type Names = readonly (readonly [literal: string, name: string])[];

/** Browsers by what only they send. Most also claim to be the ones further down. */
const BROWSERS: Names = [
  ["Edg/", "Edge"],
  ["EdgA/", "Edge"],
  ["EdgiOS/", "Edge"],
  ["Edge/", "Edge"],
  ["OPR/", "Opera"],
  ["OPT/", "Opera"],
  ["OPiOS/", "Opera"],
  ["Opera", "Opera"],
  ["SamsungBrowser/", "Samsung Internet"],
  ["YaBrowser/", "Yandex"],
  ["Vivaldi/", "Vivaldi"],
  ["DuckDuckGo/", "DuckDuckGo"],
  ["Ddg/", "DuckDuckGo"],
  ["UCBrowser/", "UC Browser"],
  ["MiuiBrowser/", "MIUI Browser"],
  ["HuaweiBrowser/", "Huawei Browser"],
  ["Silk/", "Silk"],
  ["FBAV/", "Facebook"],
  ["Instagram ", "Instagram"],
  ["Epiphany/", "Epiphany"],
  ["SeaMonkey/", "SeaMonkey"],
  ["FxiOS/", "Firefox"],
  ["Firefox/", "Firefox"],
  ["CriOS/", "Chrome"],
  ["HeadlessChrome/", "Chrome"],
  ["Chromium/", "Chromium"],
  ["Chrome/", "Chrome"],
  ["MSIE ", "Internet Explorer"],
  ["Trident/", "Internet Explorer"],
  // Before version 4.4, the browser of Android called itself Safari.
  ["Android", "Android Browser"],
  ["Safari/", "Safari"],
  ["AppleWebKit/", "WebKit"],
];

/** Systems; Android also claims to be Linux, and Windows Phone to be both. */
const SYSTEMS: Names = [
  ["Windows Phone", "Windows Phone"],
  ["Android", "Android"],
  ["iPhone", "iOS"],
  ["iPad", "iOS"],
  ["iPod", "iOS"],
  ["CrOS", "Chrome OS"],
  ["Xbox", "Xbox"],
  ["Windows", "Windows"],
  ["Mac OS X", "macOS"],
  ["Macintosh", "macOS"],
  ["PlayStation", "PlayStation"],
  ["Nintendo", "Nintendo"],
  ["Tizen", "Tizen"],
  ["Web0S", "webOS"],
  ["webOS", "webOS"],
  ["KAIOS", "KaiOS"],
  ["Ubuntu", "Ubuntu"],
  ["FreeBSD", "FreeBSD"],
  ["OpenBSD", "OpenBSD"],
  ["Linux", "Linux"],
];

/** Programs that people know by another name. `Lavf` is libavformat, also in ffplay. */
const PROGRAMS: Readonly<Record<string, string>> = {
  lavf: "ffmpeg",
  vlc: "VLC",
  "livestream-relay": "Relay",
};

const UNKNOWN = "A program";

/** Every literal that a header is searched for. */
export const LITERALS: readonly string[] = [
  "Mozilla/",
  ...[...BROWSERS, ...SYSTEMS].map(([it]) => it),
];

/** Returns the device that a User-Agent header names: `Chrome on Android`, `VLC`, `curl`. */
export function deviceOf(userAgent: string | null): string {
  return nameDevice((userAgent ?? "").slice(0, MAX_LENGTH));
}

/**
 * Returns the device that a text of any length names. The time is linear in the length: each literal is
 * searched for once, and no pattern can backtrack.
 */
export function nameDevice(text: string): string {
  // Every browser starts with this.
  if (!text.startsWith("Mozilla/")) return nameProgram(text);
  const browser = firstIn(text, BROWSERS) ?? "A browser";
  const system = firstIn(text, SYSTEMS);
  return system === null ? browser : `${browser} on ${system}`;
}

/** Returns the name of a program: `curl/8.5.0`, `VLC/3.0.20 LibVLC/3.0.20` (RFC 9110 section 10.1.5). */
function nameProgram(text: string): string {
  // As long as fits into a line of the studio's table.
  const [product = ""] = /^[\w.+-]{1,24}(?=[/ ]|$)/.exec(text) ?? [];
  return PROGRAMS[product.toLowerCase()] ?? (product || UNKNOWN);
}

function firstIn(text: string, names: Names): string | null {
  return names.find(([literal]) => text.includes(literal))?.[1] ?? null;
}
