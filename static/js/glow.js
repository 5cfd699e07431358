const EVERY_MS = 200;

/** The light that the picture throws on the wall behind the screen: the picture itself, tiny, blurred by the style sheet. */
export class Glow {
  #canvas;
  #picture;
  #context;
  #reduced = matchMedia("(prefers-reduced-motion: reduce)");
  #updated = -Infinity;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {HTMLCanvasElement} picture
   */
  constructor(canvas, picture) {
    this.#canvas = canvas;
    this.#picture = picture;
    this.#context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  }

  /** To be called for each picture; most calls do nothing. */
  update() {
    const now = performance.now();
    if (this.#reduced.matches || now - this.#updated < EVERY_MS) return;
    this.#updated = now;
    const { width, height } = this.#canvas;
    this.#context.drawImage(this.#picture, 0, 0, width, height);
  }
}
