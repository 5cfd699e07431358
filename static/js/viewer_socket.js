import { PageSocket, pageSocketUrl } from "./page_socket.js";
import { enterPasswordIfWanted } from "./password.js";
import { Refusal } from "./refusal.js";

/** @typedef {import("../../src/live_messages.ts").ServerMessage} ServerMessage */

/**
 * Creates the page socket of a viewer's page, and marks for the style sheets whether it is open: without it, what the page
 * shows may be out of date.
 *
 * @param {object} options
 * @param {(message: ServerMessage) => void} options.onMessage
 * @param {() => void} options.onLost
 * @param {(reason: string) => void} [options.onRefusal] See `Refusal`.
 */
export function createViewerSocket({ onMessage, onLost, onRefusal = () => {} }) {
  const { dataset } = document.documentElement;
  const refusal = new Refusal(onRefusal);
  return new PageSocket({
    url: pageSocketUrl(),
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
