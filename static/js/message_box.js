import { byId, element, setText } from "./dom.js";
import { lazy } from "./lazy.js";
import { text } from "./text.js";

/** @typedef {import("../../src/live_messages.ts").ChatMessage} ChatMessage */
/** @typedef {NonNullable<ChatMessage["reply"]>} Reply */

/** In code points, as the server counts. */
const MAX_LENGTH = 500;
const COUNTED_FROM = 400;

/** What is typed this soon after a text came back was meant for another message. Milliseconds. */
const TYPED_ON_MS = 1000;

/** The box for writing: its text, the characters left, what it answers, and the wait until it may be sent. */
export class MessageBox {
  #form = byId("composer", HTMLFormElement);
  #text = byId("chat-text", HTMLTextAreaElement);
  #send = byId("send", HTMLButtonElement);
  #seconds = byId("send-wait", HTMLElement);
  #counter = byId("counter", HTMLElement);
  #note = byId("composer-note", HTMLElement);
  #replyBar = byId("reply-bar", HTMLElement);
  #onSubmit;
  /** @type {Reply | undefined} */
  #reply;
  #mayAt = 0;
  /** When a text was put back that nothing has been typed after. */
  #backAt = -Infinity;
  /** Whether the text is sent by itself when it may. */
  #isArmed = false;
  /** @type {number | undefined} */
  #timer;

  /** @param {(text: string, reply: Reply | undefined) => boolean | Promise<boolean>} onSubmit Returns whether it took the text. */
  constructor(onSubmit) {
    this.#onSubmit = onSubmit;
    // A pasted text must not silently lose its end.
    this.#text.removeAttribute("maxlength");
    this.#text.required = false;
    this.#text.addEventListener("beforeinput", (event) => this.#typed(event));
    this.#text.addEventListener("input", () => this.#edited());
    this.#text.addEventListener("keydown", (event) => this.#pressed(event));
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    byId("cancel-reply", HTMLButtonElement).addEventListener("click", () => {
      this.replyTo(undefined);
      this.focus();
    });
    const emoji = lazy(() =>
      import("./emoji.js").then(({ setUpEmoji }) => setUpEmoji((picked) => this.#insert(picked)))
    );
    byId("show-emoji", HTMLButtonElement).addEventListener("click", () => {
      // Without an answer from the server, the next click tries again.
      emoji().then((toggle) => toggle(), () => {});
    });
    this.#count();
  }

  /** @param {string} emoji */
  #insert(emoji) {
    this.focus();
    this.#text.setRangeText(emoji, this.#text.selectionStart, this.#text.selectionEnd, "end");
    this.#edited();
  }

  get isEmpty() {
    return this.#text.value.trim() === "";
  }

  /** @param {boolean} disabled */
  set disabled(disabled) {
    this.#text.disabled = disabled;
    this.#count();
  }

  focus() {
    this.#text.focus();
  }

  /** @param {string} words About writing; none hides the last ones. */
  note(words) {
    this.#note.hidden = words === "";
    setText(this.#note, words);
  }

  /** @param {Reply | undefined} reply The message that the text answers. */
  replyTo(reply) {
    this.#reply = reply;
    this.#replyBar.hidden = reply === undefined;
    if (!reply) return;
    byId("reply-name", HTMLElement).replaceChildren(
      text("common.chat.replyingTo"),
      " ",
      element("bdi", reply.name),
    );
    this.focus();
  }

  /**
   * Puts a refused text back, before what was written since.
   *
   * @param {string} refused
   * @param {Reply | undefined} reply
   */
  putBack(refused, reply) {
    const since = this.#text.value;
    this.#text.value = since.trim() ? `${refused}\n${since}` : refused;
    this.replyTo(this.#reply ?? reply);
    this.#backAt = since.trim() ? -Infinity : performance.now();
    this.#edited();
  }

  /**
   * Counts down on Send, which then sends by itself what is in the box now.
   *
   * @param {number} ms
   */
  wait(ms) {
    this.#mayAt = Math.max(this.#mayAt, performance.now() + ms);
    this.#isArmed = !this.isEmpty;
    this.#tick();
  }

  async submit() {
    const written = this.#text.value;
    const trimmed = written.trim();
    if (trimmed === "" || [...trimmed].length > MAX_LENGTH || this.#text.disabled) return;
    if (performance.now() < this.#mayAt) {
      this.#isArmed = true;
      return this.note(text("common.chat.waiting"));
    }
    const reply = this.#reply;
    if (!await this.#onSubmit(trimmed, reply)) return;
    if (this.#reply === reply) this.replyTo(undefined);
    // What was typed during the sending stays.
    if (this.#text.value === written) this.#text.value = "";
    this.#count();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    // Enter that ends a composition sends nothing. Safari reports it after the composition, with the key code 229.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape" && this.#reply) {
      event.stopPropagation();
      this.replyTo(undefined);
    }
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    this.submit();
  }

  /**
   * Keeps a text that came back apart from the next message, which the viewer is already typing.
   *
   * @param {InputEvent} event
   */
  #typed({ inputType }) {
    const { value, selectionStart } = this.#text;
    const goesOn = performance.now() - this.#backAt < TYPED_ON_MS &&
      selectionStart === value.length;
    this.#backAt = -Infinity;
    if (goesOn && inputType === "insertText") {
      this.#text.setRangeText("\n", value.length, value.length, "end");
    }
  }

  #edited() {
    // A half-written text must not send itself.
    this.#isArmed = false;
    this.#count();
  }

  #tick() {
    clearTimeout(this.#timer);
    const seconds = Math.ceil((this.#mayAt - performance.now()) / 1000);
    const waits = seconds > 0;
    this.#seconds.hidden = !waits;
    this.#send.dataset.waits = String(waits);
    setText(this.#seconds, String(Math.max(1, seconds)));
    const label = waits ? text("common.chat.sendIn", { count: seconds }) : text("common.chat.send");
    this.#send.setAttribute("aria-label", label);
    if (waits) {
      this.#timer = setTimeout(() => this.#tick(), 250);
      return;
    }
    // The note then says why nothing can be written.
    if (this.#text.disabled) return;
    this.note("");
    if (!this.#isArmed) return;
    this.#isArmed = false;
    this.submit();
  }

  #count() {
    const length = [...this.#text.value.trim()].length;
    this.#counter.hidden = length < COUNTED_FROM;
    this.#counter.dataset.over = String(length > MAX_LENGTH);
    setText(this.#counter, text("common.chat.length", { length, max: MAX_LENGTH }));
    this.#send.disabled = length === 0 || length > MAX_LENGTH || this.#text.disabled;
  }
}
