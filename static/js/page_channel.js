import { LiveChannel, liveUrl } from "./live.js";
import { enterPasswordIfWanted } from "./password.js";
import { Refusal } from "./refusal.js";

/** @typedef {import("../../src/live_messages.ts").ServerMessage} ServerMessage */

/**
 * Makes the connection of a viewer's page. The style sheets see whether it is there: without it, nobody tells the page what
 * happens, and what it knew may be old.
 *
 * @param {object} options
 * @param {(message: ServerMessage) => void} options.onMessage
 * @param {() => void} options.onLost
 * @param {(reason: string) => void} [options.onRefusal] As of `Refusal`.
 */
export function createPageChannel({ onMessage, onLost, onRefusal = () => {} }) {
  const { dataset } = document.documentElement;
  const refusal = new Refusal(onRefusal);
  return new LiveChannel({
    url: liveUrl(),
    onMessage(message) {
      if (message.type === "hello") refusal.connected();
      dataset.connection = "open";
      onMessage(message);
    },
    onLost() {
      dataset.connection = "lost";
      onLost();
    },
    onRefused() {
      dataset.connection = "lost";
      enterPasswordIfWanted();
      refusal.refused();
    },
  });
}
