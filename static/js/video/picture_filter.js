/** @typedef {import("../../../src/media/rendition.ts").Filter} Filter */

/** A picture that a canvas can draw. @typedef {{ image: CanvasImageSource, width: number, height: number }} Picture */

/** The edge of a `pixelate` cell, in pixels; with the others, as in src/media/jpeg/filters.ts. */
const CELL = 16;
/** Whether a block moves is decided by its mean brightness. */
const BLOCK = 8;
const MOVING = 6;

/** What `lighter` adds. */
const BRIGHTEN = "rgb(40 40 40)";
const HIGHLIGHT = [25, 25, 25, 255];

/** With the brightness of the picture, this colour gives Cb and Cr of `sepia`. */
const SEPIA = "rgb(148 127 82)";
const GREY = "rgb(128 128 128)";

/** `contrast`: what is taken away, which makes mid-grey stay, and what `color-dodge` then multiplies by 1.35. */
const CONTRAST_BASE = "rgb(33 33 33)";
const CONTRAST_GAIN = "rgb(66 66 66)";

/**
 * Draws pictures with the filters that the server applies to JPEGs. It uses blend modes only: Safari knows no filters on
 * canvases.
 */
export class PictureFilter {
  /** Small copies, by their purpose. @type {Map<string, CanvasRenderingContext2D>} */
  #copies = new Map();
  /** Brightness of each block of the last picture, for `highlight`. */
  #before = new Uint8Array(0);

  /**
   * Draws a picture, filling the canvas.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Picture} picture
   * @param {Filter} filter
   */
  draw(context, picture, filter) {
    const { width, height } = context.canvas;
    if (filter === "mirror") context.setTransform(-1, 0, 0, 1, width, 0);
    context.drawImage(picture.image, 0, 0, width, height);
    context.resetTransform();
    if (filter === "grayscale") fill(context, "color", GREY);
    else if (filter === "sepia") fill(context, "color", SEPIA);
    else if (filter === "invert") fill(context, "difference", "#fff");
    else if (filter === "brighten") fill(context, "lighter", BRIGHTEN);
    else if (filter === "contrast") contrast(context);
    else if (filter === "pixelate") this.#pixelate(context);
    else if (filter === "soft") this.#soften(context);
    else if (filter === "highlight") this.#highlight(context);
    context.globalCompositeOperation = "source-over";
    context.imageSmoothingEnabled = true;
  }

  /** @param {CanvasRenderingContext2D} context */
  #pixelate(context) {
    const { width, height } = context.canvas;
    const across = Math.ceil(width / CELL);
    const down = Math.ceil(height / CELL);
    // Halving gives exact means. What is missing at the edges is repeated.
    let copy = this.#copy("whole", across * CELL, down * CELL);
    copy.drawImage(context.canvas, 0, 0, copy.canvas.width, copy.canvas.height);
    copy.drawImage(context.canvas, 0, 0);
    for (let factor = CELL / 2; factor >= 1; factor /= 2) {
      const from = copy.canvas;
      copy = this.#copy(`${factor}`, across * factor, down * factor);
      copy.drawImage(from, 0, 0, copy.canvas.width, copy.canvas.height);
    }
    context.imageSmoothingEnabled = false;
    context.drawImage(copy.canvas, 0, 0, across * CELL, down * CELL);
  }

  /**
   * A blur of 1.4 pixels, as four passes of (1 2 1)/4 give: the mean of two at half size, once more of two there, and
   * what enlarging interpolates.
   *
   * @param {CanvasRenderingContext2D} context
   */
  #soften(context) {
    const { width, height } = context.canvas;
    const half = this.#copy("half", Math.ceil(width / 2), Math.ceil(height / 2));
    half.drawImage(context.canvas, 0, 0, half.canvas.width, half.canvas.height);
    const shifted = this.#copy("shifted", half.canvas.width, half.canvas.height);
    shifted.drawImage(half.canvas, 0, 0);
    shifted.drawImage(half.canvas, 0.5, 0.5);
    context.drawImage(shifted.canvas, -1, -1, width, height);
  }

  /** @param {CanvasRenderingContext2D} context */
  #highlight(context) {
    const { width, height } = context.canvas;
    const across = Math.ceil(width / BLOCK);
    const down = Math.ceil(height / BLOCK);
    let copy = this.#copy("lit", across * 4, down * 4);
    copy.drawImage(context.canvas, 0, 0, width / 2, height / 2);
    for (let factor = 2; factor >= 1; factor /= 2) {
      const from = copy.canvas;
      copy = this.#copy(`lit ${factor}`, across * factor, down * factor);
      copy.drawImage(from, 0, 0, copy.canvas.width, copy.canvas.height);
    }
    const pixels = copy.getImageData(0, 0, across, down);
    const { data } = pixels;
    const before = this.#before;
    const now = this.#before = new Uint8Array(across * down);
    for (let i = 0, at = 0; i < now.length; i++, at += 4) {
      now[i] = 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
      const moves = before.length === now.length && Math.abs(now[i] - before[i]) >= MOVING;
      data.set(moves ? HIGHLIGHT : [0, 0, 0, 0], at);
    }
    copy.putImageData(pixels, 0, 0);
    context.globalCompositeOperation = "lighter";
    context.imageSmoothingEnabled = false;
    context.drawImage(copy.canvas, 0, 0, across * BLOCK, down * BLOCK);
  }

  /**
   * @param {string} purpose
   * @param {number} width
   * @param {number} height
   */
  #copy(purpose, width, height) {
    let context = this.#copies.get(purpose);
    if (context?.canvas.width !== width || context.canvas.height !== height) {
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      context = /** @type {CanvasRenderingContext2D} */ (
        canvas.getContext("2d", { willReadFrequently: purpose === "lit 1" })
      );
      this.#copies.set(purpose, context);
    }
    return context;
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {GlobalCompositeOperation} operation
 * @param {string} colour
 */
function fill(context, operation, colour) {
  context.globalCompositeOperation = operation;
  context.fillStyle = colour;
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
}

/** @param {CanvasRenderingContext2D} context */
function contrast(context) {
  fill(context, "difference", "#fff");
  fill(context, "lighter", CONTRAST_BASE);
  fill(context, "difference", "#fff");
  fill(context, "color-dodge", CONTRAST_GAIN);
}
