import { byId } from "../dom.js";

/**
 * Whether what the studio shows is so: it is while the server tells of every change. Before and after that, the style sheet
 * hides what would be taken for a fact, and dims what is a while old.
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
