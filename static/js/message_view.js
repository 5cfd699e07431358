import { amountText } from "./amount_text.js";
import { element, setText } from "./dom.js";
import { tierOf } from "./gift_tier.js";
import { linkify } from "./linkify.js";
import { text } from "./text.js";
import { clockText } from "./time_text.js";

/** @typedef {import("../../src/live_messages.ts").ChatMessage} ChatMessage */

/**
 * Shows a message in a copy of the page's template for messages.
 *
 * @param {HTMLElement} item
 * @param {ChatMessage} message
 * @param {object} options
 * @param {boolean} options.forMe Whether it is for this page's viewer above all.
 * @param {number} options.at When it was sent, on this device's clock.
 */
export function fillMessage(item, message, { forMe, at }) {
  const { id, name, hue, role, supporter, reply, gift } = message;
  const part = (
    /** @type {string} */ selector,
  ) => /** @type {HTMLElement} */ (item.querySelector(selector));
  item.dataset.message = String(id);
  item.dataset.supporter = String(supporter);
  item.dataset.mention = String(forMe);
  item.classList.toggle("gift", gift !== undefined);
  if (gift) item.dataset.tier = String(tierOf(gift.amount));
  setText(part(".message-name"), name);
  part(".message-name").style.setProperty("--hue", String(hue));
  part(".message-role").hidden = role === undefined;
  part(".message-role").dataset.role = role ?? "";
  if (role) setText(part(".message-role"), roleText(role));
  part(".message-gift").hidden = gift === undefined;
  if (gift) setText(part(".message-gift"), giftText(gift));
  part(".message-quote").hidden = reply === undefined;
  if (reply) showQuote(part(".message-quote"), reply);
  part(".message-text").replaceChildren(...textNodes(message.text));
  const time = /** @type {HTMLTimeElement} */ (part("time"));
  time.dateTime = new Date(at).toISOString();
  setText(time, clockText(at));
}

/** @param {ChatMessage} message What a screen reader says of a new message. */
export function spokenMessage({ name, gift, text: written }) {
  const who = gift ? `${name}, ${giftText(gift)}` : name;
  return written ? `${who}: ${written}` : who;
}

/**
 * Returns a text as nodes, with its links. Nothing in it is parsed as HTML.
 *
 * @param {string} written
 */
export function textNodes(written) {
  return linkify(written).map(({ text: shown, href }) => {
    if (href === undefined) return document.createTextNode(shown);
    const link = element("a", shown);
    link.href = href;
    link.target = "_blank";
    link.rel = "noopener nofollow ugc";
    return link;
  });
}

/** @param {NonNullable<ChatMessage["role"]>} role */
function roleText(role) {
  return text(role === "streamer" ? "common.chat.streamer" : "common.chat.moderator");
}

/** @param {NonNullable<ChatMessage["gift"]>} gift */
export function giftText({ amount }) {
  if (amount === null) return text("common.chat.gift");
  return text("common.chat.giftOf", { amount: amountText(amount) });
}

/**
 * @param {HTMLElement} quote
 * @param {NonNullable<ChatMessage["reply"]>} reply
 */
function showQuote(quote, { id, name, text: quoted }) {
  quote.dataset.reply = String(id);
  const answered = element("bdi", quoted);
  quote.replaceChildren(element("bdi", name, "quote-name"), " ", answered);
  quote.setAttribute("aria-label", text("common.chat.quote", { name, text: quoted }));
}
