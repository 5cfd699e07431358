import { amountText } from "./amount_text.js";
import { element } from "./dom.js";
import { tierOf } from "./gift_tier.js";
import { clockText } from "./time_text.js";

/** @typedef {import("../../src/live_messages.ts").ChatMessage} ChatMessage */

/**
 * Returns a list item for a donation: who, how much, when, and the message.
 *
 * @param {ChatMessage} gift
 * @param {(at: number) => number} here Converts the server's time to this device's.
 */
export function giftItem({ name, hue, text, at, gift }, here) {
  const item = element("li", "", "gift-item");
  const amount = gift?.amount ?? null;
  item.dataset.tier = String(tierOf(amount));
  const who = element("bdi", name, "message-name");
  who.style.setProperty("--hue", String(hue));
  const time = element("time", clockText(here(at)));
  time.dateTime = new Date(here(at)).toISOString();
  item.append(who, element("span", amount === null ? "♥" : amountText(amount), "sum"), time);
  if (text) {
    const message = element("p", text);
    message.dir = "auto";
    item.append(message);
  }
  return item;
}
