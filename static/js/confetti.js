const COLOURS = ["#e23d76", "#9d8dff", "#f6c445", "#3ecf8e", "#4aa8ff", "#ff8a4c"];
const COUNT = 140;
const GRAVITY = 0.0011;

/** Lets pieces of paper fall over the page. */
export class Confetti {
  #canvas;
  #frame = 0;

  /** @param {HTMLCanvasElement} canvas Covers the area that they fall over. */
  constructor(canvas) {
    this.#canvas = canvas;
  }

  /** @param {number} ms Duration in milliseconds. */
  throw(ms) {
    cancelAnimationFrame(this.#frame);
    const canvas = this.#canvas;
    const context = canvas.getContext("2d");
    if (!context) return;
    const { clientWidth: width, clientHeight: height } = canvas;
    Object.assign(canvas, { width, height });
    const pieces = Array.from({ length: COUNT }, () => newPiece(width, height));
    let begin = 0;
    const draw = (/** @type {number} */ now) => {
      begin ||= now;
      const age = now - begin;
      context.clearRect(0, 0, width, height);
      if (age > ms) return;
      context.globalAlpha = Math.min(1, (ms - age) / 600);
      for (const { x, y, vx, vy, turn, size, colour } of pieces) {
        const angle = age * turn;
        context.setTransform(1, 0, 0, Math.cos(angle * 1.7), x + vx * age, fall(y, vy, age));
        context.rotate(angle);
        context.fillStyle = colour;
        context.fillRect(-size / 2, -size / 3, size, size * 0.66);
      }
      context.resetTransform();
      this.#frame = requestAnimationFrame(draw);
    };
    this.#frame = requestAnimationFrame(draw);
  }
}

/**
 * @param {number} width
 * @param {number} height
 */
function newPiece(width, height) {
  const spread = Math.random() - 0.5;
  return {
    x: width / 2 + spread * width * 0.5,
    y: height * 0.35,
    vx: spread * 0.55,
    vy: -0.3 - Math.random() * 0.65,
    turn: (Math.random() - 0.5) * 0.014,
    size: 7 + Math.random() * 7,
    colour: COLOURS[Math.floor(Math.random() * COLOURS.length)],
  };
}

/**
 * Returns the height of a piece at an age: it flies up and then sinks.
 *
 * @param {number} y
 * @param {number} vy
 * @param {number} age
 */
function fall(y, vy, age) {
  return y + vy * age + GRAVITY * age * age / 2;
}
