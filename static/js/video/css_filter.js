/** @typedef {import("../../../src/media/rendition.ts").Filter} Filter */

const SVG = "http://www.w3.org/2000/svg";

/** Weights of red, green and blue in the brightness, as JPEG has them; CSS has others. */
const LUMA = "0.299 0.587 0.114";

/** Colour matrices of the filters for which CSS has no function, as src/media/jpeg/filters.ts defines them. */
const MATRICES = {
  grayscale: rows(`${LUMA} 0 0`, `${LUMA} 0 0`, `${LUMA} 0 0`),
  sepia: rows(`${LUMA} 0 0.077`, `${LUMA} 0 -0.004`, `${LUMA} 0 -0.181`),
  brighten: rows("1 0 0 0 0.157", "0 1 0 0 0.157", "0 0 1 0 0.157"),
};

/** The blur of `soft`, in pixels of the picture. */
const SOFT = 1.41;

/**
 * Shows an element with a filter, as far as CSS can do that.
 *
 * @param {HTMLVideoElement} element
 * @param {Filter} filter
 * @returns {boolean} Whether CSS can.
 */
export function showFiltered(element, filter) {
  const blur = filter === "soft" ? SOFT * element.clientWidth / (element.videoWidth || 1) : 0;
  const css = cssOf(filter, blur);
  set(element, "filter", css ?? "");
  set(element, "transform", filter === "mirror" ? "scaleX(-1)" : "");
  return css !== null;
}

/**
 * @param {HTMLElement} element
 * @param {"filter" | "transform"} property
 * @param {string} value
 */
function set(element, property, value) {
  // Even the same value makes the browser compute styles.
  if (element.dataset[property] === value) return;
  element.dataset[property] = value;
  element.style[property] = value;
}

/**
 * @param {Filter} filter
 * @param {number} blur
 */
function cssOf(filter, blur) {
  switch (filter) {
    case "none":
    case "mirror":
      return "";
    case "invert":
      return "invert(1)";
    case "contrast":
      return "contrast(1.35)";
    case "soft":
      return `blur(${blur.toFixed(2)}px)`;
    case "grayscale":
    case "sepia":
    case "brighten":
      return `url("#${matrixOf(filter)}")`;
    default:
      return null;
  }
}

/** @param {keyof typeof MATRICES} filter */
function matrixOf(filter) {
  const id = `filter-${filter}`;
  if (!document.getElementById(id)) {
    const matrix = document.createElementNS(SVG, "feColorMatrix");
    matrix.setAttribute("values", MATRICES[filter]);
    const element = document.createElementNS(SVG, "filter");
    element.id = id;
    element.setAttribute("color-interpolation-filters", "sRGB");
    element.append(matrix);
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("aria-hidden", "true");
    svg.setAttribute("width", "0");
    svg.setAttribute("height", "0");
    svg.style.position = "absolute";
    svg.append(element);
    document.body.append(svg);
  }
  return id;
}

/** @param {...string} rgb */
function rows(...rgb) {
  return [...rgb, "0 0 0 1 0"].join(" ");
}
