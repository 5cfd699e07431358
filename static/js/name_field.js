import { byId, element } from "./dom.js";
import { recall, remember } from "./remembered.js";
import { text } from "./text.js";

/** @typedef {import("../../src/live_messages.ts").Person} Person */

/** The viewer's name: asked for on first use, and changed with Save and Cancel. */
export class NameField {
  #field = byId("name-field", HTMLElement);
  #input = byId("chat-name", HTMLInputElement);
  #buttons = byId("name-buttons", HTMLElement);
  #change = byId("change-name", HTMLButtonElement);
  /** @type {string | null | undefined} As the server knows it; `undefined` until it has greeted the page. */
  #known;
  /** A saved name, which goes to the server with the next message, even if that is written after a reload. */
  #wanted = recall("name") ?? "";
  #isChanging = false;
  #onDone;

  /** @param {(words: string) => void} onDone The viewer saved a name, or cancelled; `words` say what follows. */
  constructor(onDone) {
    this.#onDone = onDone;
    this.#change.addEventListener("click", () => this.ask());
    byId("save-name", HTMLButtonElement).addEventListener("click", () => this.#save());
    byId("cancel-name", HTMLButtonElement).addEventListener("click", () => this.#cancel());
    this.#input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === "Enter") {
        event.preventDefault();
        this.#save();
      } else if (event.key === "Escape" && this.#current) {
        event.stopPropagation();
        this.#cancel();
      }
    });
  }

  get isAsked() {
    return !this.#field.hidden;
  }

  /** The name to send with the next message; absent if the server knows it, empty without any. */
  get toSend() {
    const name = this.isAsked ? this.#input.value.trim() : this.#wanted;
    if (name === "" && !this.#known) return "";
    return name === "" || name === this.#known ? undefined : name;
  }

  /** @param {Person} you */
  showYou(you) {
    if (this.#known !== undefined && you.name !== this.#known) this.#want("");
    this.#known = you.name;
    this.#change.style.setProperty("--hue", String(you.hue));
    this.#show();
  }

  /**
   * Takes the name that was sent with a message.
   *
   * @param {string} name
   */
  sent(name) {
    this.#wanted = name;
    remember("name", "");
    this.#isChanging = false;
    this.#show();
  }

  /** Asks for another name, because the server refused the last one. */
  askAgain() {
    const refused = this.#wanted;
    this.#wanted = "";
    this.ask(refused);
  }

  /** Asks for a name. */
  ask(suggestion = this.#current) {
    this.#isChanging = true;
    this.#show();
    if (suggestion) this.#input.value = suggestion;
    this.#input.focus();
    this.#input.select();
  }

  focus() {
    this.#input.focus();
  }

  get #current() {
    return this.#wanted || this.#known;
  }

  #save() {
    const name = this.#input.value.trim();
    if (name === "") return;
    const isNew = name !== this.#known;
    this.#want(isNew ? name : "");
    this.#isChanging = false;
    this.#show();
    this.#onDone(isNew && this.#known ? text("watch.chat.nameNext", { name }) : "");
  }

  /** @param {string} name */
  #want(name) {
    this.#wanted = name;
    remember("name", name);
  }

  #cancel() {
    this.#isChanging = false;
    this.#show();
    this.#onDone("");
  }

  #show() {
    const current = this.#current;
    const isAsked = !current || this.#isChanging;
    this.#field.hidden = !isAsked;
    this.#field.dataset.changing = String(this.#isChanging && Boolean(current));
    this.#buttons.hidden = !current;
    this.#change.hidden = isAsked;
    if (isAsked || !current) return;
    this.#change.replaceChildren(
      element("bdi", current),
      element("span", ` · ${text("watch.chat.changeName")}`),
    );
    this.#change.setAttribute("aria-label", text("watch.chat.asName", { name: current }));
  }
}
