import { byId } from "../dom.js";

/**
 * Marks whether the studio is connected. While it is not, the style sheet hides or dims everything that
 * may be out of date.
 */
export class ConnectionView {
  #lost = byId("lost", HTMLElement);
  #root = document.documentElement;

  /** The studio is making its first connection. */
  connecting() {
    this.#show("connecting");
  }

  open() {
    this.#show("open");
  }

  /** The connection is lost or failed, and the studio tries again. */
  lost() {
    this.#show("lost");
  }

  /** @param {"connecting" | "open" | "lost"} connection */
  #show(connection) {
    this.#root.dataset.connection = connection;
    this.#lost.hidden = connection !== "lost";
  }
}
