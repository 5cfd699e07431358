import { PageSocket, pageSocketUrl } from "./page_socket.js";
import { enterPasswordIfWanted } from "./password.js";
import { text } from "./text.js";

/** @typedef {import("../../src/live_messages.ts").ServerMessage} ServerMessage */

/**
 * Creates the page socket of a viewer's page, and marks for the style sheets whether it is open: without it, what the page
 * shows may be out of date.
 *
 * @param {object} options
 * @param {(message: ServerMessage) => void} options.onMessage
 * @param {(message: ArrayBuffer) => void} [options.onBinary]
 * @param {() => void} options.onLost
 * @param {(problem: string, reason: string) => void} [options.onProblem] What is wrong with the connection of the chat, and
 *   why, if the server said so; empty once nothing is.
 */
export function createViewerSocket({ onMessage, onBinary, onLost, onProblem = () => {} }) {
  const { dataset } = document.documentElement;
  const lost = (reason = "") => {
    dataset.connection = "lost";
    onProblem(text("watch.chat.lost"), reason);
  };
  const socket = new PageSocket({
    url: pageSocketUrl(),
    onMessage(message) {
      dataset.connection = "open";
      onProblem(socket.isPolling ? text("watch.chat.slow") : "", "");
      onMessage(message);
    },
    onBinary,
    onLost() {
      lost();
      onLost();
    },
    onRefused(reason) {
      lost(reason);
      enterPasswordIfWanted();
    },
  });
  return socket;
}
