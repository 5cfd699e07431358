import { byId, setText } from "../dom.js";
import { text } from "../text.js";
import { Player } from "../player.js";
import { PreviewScreen } from "./preview_screen.js";

/** @typedef {import("./admin.js").Admin} Admin */

/** Plays the source, on air or off. A hidden tab loads nothing. */
export class Preview {
  #note = byId("preview-note", HTMLElement);
  #text = byId("preview-text", HTMLElement);
  #player;
  #wanted = false;

  /** @param {Admin} admin */
  constructor(admin) {
    const canvas = byId("preview", HTMLCanvasElement);
    this.#player = new Player({
      screen: new PreviewScreen(
        canvas,
        (url, init) => admin.fetch(url, { signal: init.signal, cache: init.cache }),
      ),
      url: () => "admin/preview",
      onStatus: (status, reason) => {
        this.#note.hidden = status === "playing" || status === "stopped";
        if (status === "connecting") setText(this.#text, text("studio.preview.connecting"));
        else setText(this.#text, text("studio.preview.none", { reason }));
      },
      onPicture: () => {},
    });
    document.addEventListener("visibilitychange", () => this.#follow());
  }

  start() {
    this.#wanted = true;
    this.#follow();
  }

  stop() {
    this.#wanted = false;
    this.#follow();
  }

  #follow() {
    if (this.#wanted && !document.hidden) this.#player.start();
    else this.#player.stop();
  }
}
