import { postReaction } from "./api.js";
import { byId } from "./dom.js";
import { lazy } from "./lazy.js";
import { ReactionPace } from "./reaction_pace.js";

/** @typedef {import("../../src/live_messages.ts").Reaction} Reaction */

/** One tap sends a reaction, which floats over everyone's picture. */
export class Reactions {
  #floating = lazy(() =>
    import("./floating_reactions.js").then(({ FloatingReactions }) =>
      new FloatingReactions(byId("screen", HTMLElement))
    )
  );
  #buttons = byId("reactions", HTMLElement);
  #pace = new ReactionPace();

  constructor() {
    this.#buttons.addEventListener("click", ({ target }) => {
      const button = /** @type {Element} */ (target).closest("button");
      if (!button || !this.#pace.take()) return;
      // One that does not arrive is not worth a notice.
      postReaction(/** @type {Reaction} */ (button.value)).catch(() => {});
    });
  }

  /** @param {boolean} disabled */
  set disabled(disabled) {
    for (const button of this.#buttons.querySelectorAll("button")) button.disabled = disabled;
  }

  /** @param {import("../../src/live_messages.ts").ServerMessage} message */
  hear(message) {
    if (message.type !== "reactions") return;
    // Those that cannot be shown are not worth a notice either.
    this.#floating().then((floating) => floating.show(message.counts), () => {});
  }
}
