/** Controls and pointer fade when nothing has moved for this long. Milliseconds. */
const IDLE_MS = 3000;

/** While one of these is open, a viewer who does not move is reading. */
const OPEN = "dialog[open], [data-sheet=settings]";

/**
 * Marks the page with `data-idle` while the viewer moves nothing and presses nothing. A focus that keys moved into the toolbar
 * counts as activity, because the viewer could not see it otherwise.
 */
export class Idle {
  #root = document.documentElement;
  #isOn = false;
  #byKeys = false;
  /** @type {number | undefined} */
  #timer;
  #place = "";

  constructor() {
    document.addEventListener("pointermove", ({ pointerType, screenX, screenY }) => {
      const place = `${screenX} ${screenY}`;
      // Browsers also report a move when only what is under the pointer changed.
      if (pointerType === "touch" || place === this.#place) return;
      this.#place = place;
      this.#wake();
    });
    document.addEventListener("pointerdown", () => this.#byKeys = false, true);
    // Not earlier: a tap on the picture must not press a tool that appears below the finger.
    document.addEventListener("click", () => this.#wake());
    document.addEventListener("focusin", () => this.#wake());
    document.addEventListener("keydown", () => {
      this.#byKeys = true;
      this.#wake();
    }, true);
  }

  /** @param {boolean} on Whether to watch the viewer. */
  watch(on) {
    this.#isOn = on;
    this.#wake();
  }

  #wake() {
    clearTimeout(this.#timer);
    this.#root.dataset.idle = "false";
    if (this.#isOn) this.#timer = setTimeout(() => this.#rest(), IDLE_MS);
  }

  #rest() {
    const isInTools = this.#byKeys && document.activeElement?.closest("[role=toolbar]");
    if (isInTools || document.querySelector(OPEN)) this.#wake();
    else this.#root.dataset.idle = "true";
  }
}
