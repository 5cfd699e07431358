import { byId, setText } from "./dom.js";
import { text } from "./text.js";

/** How long the slider stays after a tap or a key, and a note about the sound over the picture. Milliseconds. */
const SHOWN_MS = 4000;

/** What a browser may count as the gesture that it wants before it plays. */
const GESTURES = ["pointerup", "keydown"];

/**
 * @typedef {object} ShownVolume
 * @property {"none" | "off" | "on"} state `none`: there is no sound to turn on.
 * @property {number} level 1..100.
 * @property {string} note What the viewer should know about the sound; empty for nothing.
 * @property {boolean} isOffered Whether to invite the viewer to turn the sound on.
 */

/** The sound's button and slider among the tools, and the invitation and the note over the picture. */
export class VolumeView {
  #box = byId("volume", HTMLElement);
  #button = byId("mute", HTMLButtonElement);
  #slider = byId("volume-level", HTMLInputElement);
  #hear = byId("hear", HTMLButtonElement);
  #note = byId("sound-note", HTMLElement);
  /** @type {number | undefined} */
  #timer;
  /** @type {number | undefined} */
  #noteTimer;

  constructor() {
    this.#slider.addEventListener("pointerdown", () => this.reveal());
  }

  /** @param {() => void} act Runs when the viewer is about to turn the sound on. */
  onPrepare(act) {
    for (const button of [this.#button, this.#hear]) {
      button.addEventListener("pointerdown", act);
      button.addEventListener("pointerenter", act);
    }
  }

  /** @param {() => void} act Runs at every tap and key on the page. */
  onGesture(act) {
    for (const gesture of GESTURES) document.addEventListener(gesture, act, true);
  }

  /** @param {() => void} act */
  onToggle(act) {
    this.#button.addEventListener("click", () => {
      act();
      this.reveal();
    });
  }

  /** @param {() => void} act The viewer accepts the invitation. */
  onHear(act) {
    this.#hear.addEventListener("click", () => {
      act();
      // It vanishes with the focus on it.
      this.#button.focus();
    });
  }

  /** @param {(level: number) => void} act 0..100. */
  onLevel(act) {
    this.#slider.addEventListener("input", () => {
      act(Number(this.#slider.value));
      this.reveal();
    });
  }

  /** Shows the slider for a while. */
  reveal() {
    this.#box.dataset.open = "true";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#box.dataset.open = "false", SHOWN_MS);
  }

  /** @param {ShownVolume} volume */
  show({ state, level, note, isOffered }) {
    const isOn = state === "on";
    const shown = isOn ? level : 0;
    this.#box.hidden = state === "none";
    this.#box.dataset.volume = shown === 0 ? "muted" : shown <= 50 ? "low" : "loud";
    this.#button.setAttribute("aria-pressed", String(isOn));
    const title = text(isOn ? "watch.sound.off" : "watch.sound.on");
    this.#button.title = note === "" ? title : `${note}\n${title}`;
    this.#slider.value = String(shown);
    this.#slider.setAttribute("aria-valuetext", text("watch.sound.percent", { level: shown }));
    this.#hear.hidden = !isOffered;
    this.#showNote(note);
  }

  /** @param {string} note */
  #showNote(note) {
    if (this.#note.textContent === note) return;
    setText(this.#note, note);
    clearTimeout(this.#noteTimer);
    this.#note.dataset.shown = String(note !== "");
    this.#noteTimer = setTimeout(() => this.#note.dataset.shown = "false", SHOWN_MS);
  }
}
