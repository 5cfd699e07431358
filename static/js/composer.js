import { byId, element, setText } from "./dom.js";
import { setUpEmoji } from "./emoji.js";
import { clockText } from "./time_text.js";

/** @typedef {import("../../src/live_messages.ts").Person} Person */

/** In code points, as the server counts. */
const MAX_LENGTH = 500;
const COUNTED_FROM = 400;

/** The form for writing: the name on first use, the message, the characters left, and why writing is not possible. */
export class Composer {
  #form = byId("composer", HTMLFormElement);
  #text = byId("chat-text", HTMLTextAreaElement);
  #name = byId("chat-name", HTMLInputElement);
  #nameField = byId("name-field", HTMLElement);
  #asName = byId("change-name", HTMLButtonElement);
  #send = byId("send", HTMLButtonElement);
  #counter = byId("counter", HTMLElement);
  #note = byId("composer-note", HTMLElement);
  #here;
  /** @type {string | null} */
  #known = null;
  #renaming = false;
  /** @type {number | undefined} */
  #mute;

  /**
   * @param {object} options
   * @param {(text: string, name: string | undefined) => void} options.onSend `name` if the viewer changes it.
   * @param {(at: number) => number} options.here Converts the server's time to this device's.
   */
  constructor({ onSend, here }) {
    this.#here = here;
    // A pasted text must not silently lose its end.
    this.#text.removeAttribute("maxlength");
    this.#text.required = false;
    this.#text.addEventListener("input", () => this.#count());
    this.#text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#form.requestSubmit();
    });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit(onSend);
    });
    this.#asName.addEventListener("click", () => {
      this.#renaming = true;
      this.#showName();
      this.#name.select();
    });
    setUpEmoji((emoji) => {
      this.#text.focus();
      this.#text.setRangeText(emoji, this.#text.selectionStart, this.#text.selectionEnd, "end");
      this.#count();
    });
    this.#count();
  }

  focus() {
    (this.#nameField.hidden ? this.#text : this.#name).focus();
  }

  /** @param {Person} you */
  showYou(you) {
    this.#known = you.name;
    this.#asName.style.setProperty("--hue", String(you.hue));
    if (!this.#renaming || document.activeElement !== this.#name) {
      this.#renaming = false;
      this.#name.value = you.name ?? this.#name.value;
    }
    this.#showName();
    this.#showMute(you.mutedUntil);
  }

  /** @param {string} text Another word on writing; none for an empty one. */
  note(text) {
    this.#note.hidden = text === "";
    setText(this.#note, text);
  }

  /** @param {(text: string, name: string | undefined) => void} onSend */
  #submit(onSend) {
    const text = this.#text.value.trim();
    const name = this.#name.value.trim();
    if (text === "" || [...text].length > MAX_LENGTH || this.#text.disabled) return;
    if (name === "") {
      this.note("Enter a name first. It appears next to your messages.");
      this.#renaming = true;
      this.#showName();
      return this.#name.focus();
    }
    this.note("");
    this.#renaming = false;
    this.#text.value = "";
    this.#count();
    onSend(text, name === this.#known ? undefined : name);
    this.#known = name;
    this.#showName();
    this.#text.focus();
  }

  #showName() {
    const asked = this.#known === null || this.#renaming;
    this.#nameField.hidden = !asked;
    this.#asName.hidden = asked;
    if (asked) return;
    this.#asName.replaceChildren("as ", element("b", this.#known ?? ""), " · change");
  }

  #count() {
    const length = [...this.#text.value.trim()].length;
    this.#counter.hidden = length < COUNTED_FROM;
    this.#counter.dataset.over = String(length > MAX_LENGTH);
    setText(this.#counter, `${length} of ${MAX_LENGTH}`);
    this.#send.disabled = length === 0 || length > MAX_LENGTH || this.#text.disabled;
  }

  /** @param {number | null} until */
  #showMute(until) {
    clearTimeout(this.#mute);
    const at = until === null ? Infinity : this.#here(until);
    const muted = at > Date.now();
    if (muted || this.#text.disabled) {
      const when = at === Infinity ? "" : ` until ${clockText(at)}`;
      this.note(muted ? `The streamer muted you${when}.` : "");
    }
    this.#text.disabled = muted;
    this.#count();
    if (muted && at < Infinity) {
      const wait = Math.min(at - Date.now() + 500, 0x7fffffff);
      this.#mute = setTimeout(() => this.#showMute(until), wait);
    }
  }
}
