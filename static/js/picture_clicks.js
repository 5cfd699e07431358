import { byId } from "./dom.js";

/** A second click within this time makes a double click. Milliseconds. */
const DOUBLE_CLICK_MS = 250;

/** Clicks on these do not mean the picture. */
const CONTROLS = "button, a, .rewind, .tools, .statistics";

/**
 * Makes a click on the picture pause and a double click fill the display. A tap does neither: it shows the tools. A click
 * that closes something does nothing else.
 *
 * @param {object} actions
 * @param {() => boolean} actions.dismiss Closes what is open over the picture. Returns whether there was anything.
 * @param {() => void} actions.togglePause
 * @param {() => void} actions.toggleFullscreen
 */
export function setUpPictureClicks({ dismiss, togglePause, toggleFullscreen }) {
  const screen = byId("screen", HTMLElement);
  let isTouch = false;
  /** @type {number | undefined} */
  let timer;
  let hasToggled = false;
  const meant = (/** @type {Event} */ { target }) =>
    target instanceof Element && !target.closest(CONTROLS);

  screen.addEventListener("pointerdown", ({ pointerType }) => {
    isTouch = pointerType === "touch";
  });
  screen.addEventListener("click", (event) => {
    if (!meant(event) || dismiss() || isTouch || !canPause() || event.detail > 1) return;
    hasToggled = false;
    clearTimeout(timer);
    timer = setTimeout(() => {
      hasToggled = true;
      togglePause();
    }, DOUBLE_CLICK_MS);
  });
  screen.addEventListener("dblclick", (event) => {
    if (!meant(event) || isTouch) return;
    clearTimeout(timer);
    // The system's interval for double clicks may be longer.
    if (hasToggled) togglePause();
    hasToggled = false;
    toggleFullscreen();
  });
}

/** Whether the picture plays or is paused, as opposed to a message about why there is none. */
function canPause() {
  const { cover } = document.documentElement.dataset;
  return cover === undefined || cover === "paused";
}
