import { byId, element, setText } from "../dom.js";
import { text } from "../text.js";
import { waitText } from "../time_text.js";
import { onPress } from "./press.js";
import { KeyedList, partOf } from "./keyed_list.js";

/** @typedef {import("../../../src/live_messages.ts").StudioState} StudioState */
/** @typedef {import("./act.js").Act} Act */

/** The choices of slow mode: seconds between two messages of one author. */
const SLOW_MODES = [0, 2, 5, 10, 30, 60, 300];

/** Slow mode, blocked words, and banned and muted authors. */
export class ChatRules {
  #slowMode = byId("slow-mode", HTMLSelectElement);
  #word = byId("word", HTMLInputElement);
  #wordsEmpty = byId("words-empty", HTMLElement);
  #bansEmpty = byId("bans-empty", HTMLElement);
  #act;
  #clock;
  /** @type {readonly string[]} */
  #blocked = [];
  /** @type {KeyedList<string>} */
  #words;
  /** @type {KeyedList<StudioState["bans"][number]>} */
  #bans;

  /**
   * @param {object} options
   * @param {Act} options.act
   * @param {Pick<import("../clock.js").Clock, "wall">} options.clock The server's.
   */
  constructor({ act, clock }) {
    this.#act = act;
    this.#clock = clock;
    this.#slowMode.append(...SLOW_MODES.map(optionOf));
    this.#slowMode.addEventListener("change", async () => {
      const seconds = Number(this.#slowMode.value);
      const done = await act(
        "admin/chat/slow-mode",
        { seconds },
        text("studio.rules.slowMode.failed"),
      );
      if (!done) this.#slowMode.value = this.#slowMode.dataset.saved ?? "0";
    });
    byId("word-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#block(this.#word.value.trim());
    });
    this.#words = new KeyedList({
      parent: byId("words", HTMLElement),
      keyOf: (word) => word,
      create: (word) => this.#createWord(word),
      fill: () => {},
      fallback: this.#word,
    });
    this.#bans = new KeyedList({
      parent: byId("bans", HTMLElement),
      keyOf: ({ author }) => author,
      create: (author) => this.#createBan(author),
      fill: (item, ban) => this.#fillBan(item, ban),
      fallback: byId("bans-heading", HTMLElement),
    });
  }

  /** @param {number} seconds */
  showSlowMode(seconds) {
    const select = this.#slowMode;
    const value = String(seconds);
    if (select.dataset.saved === value) return;
    select.dataset.saved = value;
    if (![...select.options].some((option) => option.value === value)) {
      select.append(optionOf(seconds));
    }
    select.value = value;
  }

  /** @param {Pick<StudioState, "blockedWords" | "bans">} studio */
  show({ blockedWords, bans }) {
    this.#showWords(blockedWords);
    this.#bans.show(bans);
    this.#bansEmpty.hidden = bans.length > 0;
  }

  /** @param {readonly string[]} words */
  #showWords(words) {
    this.#blocked = words;
    this.#words.show(words);
    this.#wordsEmpty.hidden = words.length > 0;
  }

  /** @param {string} word */
  async #block(word) {
    if (!word) return;
    if (await this.#setWords([...this.#blocked, word], text("studio.rules.block.failed"))) {
      this.#word.value = "";
    }
  }

  /**
   * @param {string[]} words
   * @param {string} failure
   */
  async #setWords(words, failure) {
    const done = await this.#act("admin/chat/blocked-words", { words }, failure);
    if (done && "words" in done && Array.isArray(done.words)) this.#showWords(done.words);
    return done !== null;
  }

  /** @param {string} word */
  #createWord(word) {
    const item = element("li", "", "chip");
    const button = element("button", "×");
    button.type = "button";
    button.setAttribute("aria-label", text("studio.rules.allow", { word }));
    onPress(button, () => {
      const rest = this.#blocked.filter((one) => one !== word);
      return this.#setWords(rest, text("studio.rules.allow.failed"));
    });
    item.append(element("bdi", word), button);
    return item;
  }

  /** @param {string} author */
  #createBan(author) {
    const item = element("li");
    const pardon = element("button", text("studio.rules.pardon"), "pardon");
    pardon.type = "button";
    onPress(
      pardon,
      () => this.#act("admin/chat/pardon", { author }, text("studio.rules.pardon.failed")),
    );
    item.append(element("bdi"), element("small"), pardon);
    return item;
  }

  /**
   * @param {HTMLElement} item
   * @param {StudioState["bans"][number]} ban
   */
  #fillBan(item, { name, until }) {
    setText(partOf(item, "bdi"), name);
    const left = until === null
      ? text("studio.rules.banned")
      : text("studio.rules.muted", { wait: waitText(until - this.#clock.wall()) });
    setText(partOf(item, "small"), left);
    partOf(item, ".pardon").setAttribute("aria-label", text("studio.rules.pardon.label", { name }));
  }
}

/** @param {number} seconds */
function optionOf(seconds) {
  const wait = waitText(seconds * 1000);
  const label = text(seconds === 0 ? "studio.rules.slowMode.off" : "studio.rules.slowMode.on", {
    wait,
  });
  const option = element("option", label);
  option.value = String(seconds);
  return option;
}
