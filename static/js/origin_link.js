import { text } from "./text.js";

const line = Object.assign(document.createElement("p"), { className: "origin-link" });
document.querySelector(".chat-bar")?.after(line);

/**
 * Shows a link to the page of the livestream that this one relays, where most people chat.
 *
 * @param {string} origin Its address; empty for none.
 */
export function showOrigin(origin) {
  const url = URL.canParse(origin) ? new URL(origin) : null;
  // A loopback address leads elsewhere on other machines.
  const isReachable = url !== null && (!isLoopback(url) || isLoopback(location));
  line.hidden = !isReachable;
  if (!isReachable) return;
  const { host, pathname, href } = url;
  const name = host + pathname.replace(/\/$/, "");
  const link = Object.assign(document.createElement("a"), {
    href,
    textContent: text("watch.chat.origin", { name }),
  });
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  line.replaceChildren(link);
}

/** @param {{ hostname: string }} address */
function isLoopback({ hostname }) {
  return /^(?:localhost|127\..*|\[::1\])$/.test(hostname);
}
