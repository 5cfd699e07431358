import { byId, setText } from "../dom.js";
import { text } from "../text.js";

/**
 * Marks whether the studio is connected. While it is not, the style sheet hides or dims everything that
 * may be out of date.
 */
export class ConnectionView {
  #notice = byId("lost", HTMLElement);
  #text = byId("lost-text", HTMLElement);
  #root = document.documentElement;

  /** The studio is making its first connection. */
  connecting() {
    this.#show("connecting", "");
  }

  /** @param {boolean} isSlow Whether there is no WebSocket, so that everything takes seconds. */
  open(isSlow) {
    this.#show("open", isSlow ? text("studio.slow") : "");
  }

  /**
   * The connection is lost or failed, and the studio tries again.
   *
   * @param {string} [reason] Why, if the server said so: a sentence without its full stop.
   */
  lost(reason) {
    const problem = reason ? text("studio.refused", { reason }) : text("studio.lost");
    this.#show("lost", problem);
  }

  /**
   * @param {"connecting" | "open" | "lost"} connection
   * @param {string} problem
   */
  #show(connection, problem) {
    this.#root.dataset.connection = connection;
    this.#notice.hidden = problem === "";
    setText(this.#text, problem);
  }
}
