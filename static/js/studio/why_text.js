import { text } from "../text.js";

/** @typedef {import("../../../src/live_messages.ts").Delivery} Delivery */

/** @param {Pick<Delivery, "why">} delivery */
export function whyText({ why }) {
  return text(`studio.why.${why}`);
}
