import type { ClipFormat } from "../live_messages.ts";

/** The longest title in a name. Characters. */
const MAX_TITLE = 80;

/** Stands for a title of which nothing is left. */
const NAMELESS = "Livestream";

/**
 * Returns the name of a clip's file, which all systems accept: `Street 2026-11-26 14.03.20.mp4`.
 *
 * @param begin When it begins, of which the name has the server's local time.
 */
export function clipName(title: string, begin: Date, format: ClipFormat): string {
  const safe = [...title.replace(/[\p{C}\p{Zl}\p{Zp}<>:"/\\|?*]/gu, " ").replace(/\s+/g, " ")]
    .slice(0, MAX_TITLE).join("").trim().replace(/^\.+|[. ]+$/g, "").trim();
  const pad = (number: number) => String(number).padStart(2, "0");
  const date = [begin.getFullYear(), pad(begin.getMonth() + 1), pad(begin.getDate())].join("-");
  const time = [begin.getHours(), begin.getMinutes(), begin.getSeconds()].map(pad).join(".");
  return `${safe || NAMELESS} ${date} ${time}.${format}`;
}
