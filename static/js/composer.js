import { MessageBox } from "./message_box.js";
import { NameField } from "./name_field.js";
import { refusalText, text } from "./text.js";
import { clockText } from "./time_text.js";

/** @typedef {import("../../src/live_messages.ts").Person} Person */
/** @typedef {import("../../src/live_messages.ts").Explanation} Explanation */
/** @typedef {import("./outbox.js").Letter} Letter */

/** The viewer's form for writing: the name, the message, and why writing is not possible. */
export class Composer {
  #box;
  #name;
  #here;
  #onBlocked;
  /** @type {string | undefined} The name that was sent last, until the server has decided. */
  #sentName;
  #isMuted = false;
  #isAway = false;
  /** @type {number | undefined} */
  #mute;

  /**
   * @param {object} options
   * @param {(message: Omit<Letter, "key">) => void} options.onSend
   * @param {(at: number) => number} options.here Converts the server's time to this device's.
   * @param {(blocked: boolean) => void} options.onBlocked Whether the streamer lets this viewer write or not.
   */
  constructor({ onSend, here, onBlocked }) {
    this.#here = here;
    this.#onBlocked = onBlocked;
    this.#box = new MessageBox((written, reply) => {
      const name = this.#name.toSend;
      if (name === "") {
        this.#box.note(text("watch.chat.nameFirst"));
        this.#name.ask();
        return false;
      }
      this.#box.note("");
      this.#sentName = name;
      if (name !== undefined) this.#name.sent(name);
      this.#box.focus();
      onSend({ text: written, name, reply });
      return true;
    });
    this.#name = new NameField((words) => {
      this.#box.note(words);
      this.#box.focus();
    });
  }

  get isEmpty() {
    return this.#box.isEmpty;
  }

  focus() {
    (this.#name.isAsked ? this.#name : this.#box).focus();
  }

  /**
   * Closes, because the streamer sent this viewer away.
   *
   * @param {Explanation} why
   * @param {readonly Letter[]} letters What was not sent goes back into the box.
   */
  leave(why, letters) {
    this.#isAway = true;
    this.#block();
    for (const letter of [...letters].reverse()) this.putBack(letter);
    if (letters.length === 0) return;
    this.#box.note(text("watch.chat.notSent", { reason: refusalText(why) }));
  }

  /** Opens again. */
  comeBack() {
    if (!this.#isAway) return;
    this.#isAway = false;
    this.#box.note("");
    this.#block();
  }

  /** @param {Person} you */
  showYou(you) {
    this.#name.showYou(you);
    const wanted = this.#sentName;
    if (
      wanted !== undefined && you.name !== null && / \d+$/.test(you.name) && you.name !== wanted
    ) {
      this.#box.note(text("watch.chat.numbered", { wanted, name: you.name }));
      this.#sentName = undefined;
    }
    this.#showMute(you.mutedUntil);
  }

  /** @param {import("./message_box.js").Reply} reply The message to answer. */
  replyTo(reply) {
    this.#box.replyTo(reply);
  }

  /**
   * Waits until the server takes messages again.
   *
   * @param {Explanation} why
   * @param {number} ms
   */
  wait(why, ms) {
    this.#box.wait(ms);
    const reason = refusalText(why);
    this.#box.note(
      this.#box.isEmpty
        ? text("common.sentence", { text: reason })
        : text("common.chat.waitingAfter", { reason }),
    );
  }

  /**
   * Puts a refused message back into the box.
   *
   * @param {Letter} letter
   */
  putBack({ text: refused, reply }) {
    this.#box.putBack(refused, reply);
  }

  /**
   * Says why a message was refused.
   *
   * @param {Explanation} why
   */
  refuse(why) {
    this.#box.note(text("common.sentence", { text: refusalText(why) }));
    this.#sentName = undefined;
    if (/^name/.test(why.code)) this.#name.askAgain();
    else if (!this.#isMuted) this.#box.focus();
  }

  /** @param {number | null} until */
  #showMute(until) {
    clearTimeout(this.#mute);
    const at = until === null ? Infinity : this.#here(until);
    const isMuted = at > Date.now();
    if (isMuted) {
      const forever = at === Infinity;
      this.#box.note(
        forever ? text("watch.chat.muted") : text("watch.chat.mutedUntil", { time: clockText(at) }),
      );
    } else if (this.#isMuted) this.#box.note("");
    this.#isMuted = isMuted;
    this.#block();
    if (isMuted && at < Infinity) {
      const wait = Math.min(at - Date.now() + 500, 0x7fffffff);
      this.#mute = setTimeout(() => this.#showMute(until), wait);
    }
  }

  #block() {
    const blocked = this.#isMuted || this.#isAway;
    this.#box.disabled = blocked;
    this.#onBlocked(blocked);
  }
}
