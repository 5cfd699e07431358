import { pageLanguage } from "../text.js";

/**
 * Returns the day and the time at which a recording begins: `Nov 26, 4:21 PM`.
 *
 * @param {number} at Milliseconds since the Unix epoch.
 */
export function momentText(at) {
  return new Date(at).toLocaleString(pageLanguage(), {
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    second: "2-digit",
  });
}

/**
 * Returns the address of a recording's file or thumbnail.
 *
 * @param {"file" | "thumbnail"} what
 * @param {string} name
 * @param {string} ticket
 */
export function recordingUrl(what, name, ticket) {
  return `recordings/${what}?${new URLSearchParams({ name, ticket })}`;
}
