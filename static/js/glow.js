const EVERY_MS = 200;
const SLOW_EVERY_MS = 1000;

/** Size of the picture within the glow, in pixels of the canvas. The glow spreads over the rest. */
const WIDTH = 32;
const HEIGHT = 18;

/** How far each pixel spreads, and in how many steps to each side. */
const SPREAD = 3.5;
const STEPS = 3;

/** The weight of each step, which makes the glow fade without an edge. */
const WEIGHTS = [0.31, 0.23, 0.095, 0.02];
const BRIGHTNESS = 1.5;

/**
 * The light that the picture casts on the wall behind the screen: a tiny, blurred copy of it. The blur is drawn at that
 * size, because a CSS blur at full size costs more than the stream itself on a device without a graphics card.
 */
export class Glow {
  #canvas;
  #screen;
  #context;
  #tiny = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT });
  #tinyContext = /** @type {CanvasRenderingContext2D} */ (this.#tiny.getContext("2d"));
  #reduced = matchMedia("(prefers-reduced-motion: reduce)");
  #updated = -Infinity;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {import("./player.js").Drawable} screen
   */
  constructor(canvas, screen) {
    this.#canvas = canvas;
    this.#screen = screen;
    this.#context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  }

  /** Updates the glow. Call this for every frame; most calls do nothing. */
  update() {
    const now = performance.now();
    const pause = this.#screen.isSlowToDraw ? SLOW_EVERY_MS : EVERY_MS;
    if (this.#reduced.matches || now - this.#updated < pause) return;
    this.#updated = now;
    this.#screen.draw(this.#tinyContext);
    const { width, height } = this.#canvas;
    const [left, top] = [(width - WIDTH) / 2, (height - HEIGHT) / 2];
    this.#context.clearRect(0, 0, width, height);
    for (let x = -STEPS; x <= STEPS; x++) {
      for (let y = -STEPS; y <= STEPS; y++) {
        const [right, down] = [x * SPREAD / STEPS, y * SPREAD / STEPS];
        this.#context.globalAlpha = BRIGHTNESS * WEIGHTS[Math.abs(x)] * WEIGHTS[Math.abs(y)];
        this.#context.drawImage(this.#tiny, left + right, top + down);
      }
    }
  }
}
