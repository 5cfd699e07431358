import { byId } from "../dom.js";

/**
 * Marks whether the studio is connected. While it is not, the style sheet hides what would pass for a
 * fact and dims what may be out of date.
 */
export class ConnectionView {
  #lost = byId("lost", HTMLElement);
  #root = document.documentElement;

  /** The first connection is being made. */
  connecting() {
    this.#show("connecting");
  }

  open() {
    this.#show("open");
  }

  /** There is no connection (any more), and another one is tried. */
  lost() {
    this.#show("lost");
  }

  /** @param {"connecting" | "open" | "lost"} connection */
  #show(connection) {
    this.#root.dataset.connection = connection;
    this.#lost.hidden = connection !== "lost";
  }
}
