import { amountOf, amountText } from "./amount_text.js";
import { postDonation } from "./api.js";
import { byId, setText } from "./dom.js";
import { randomKey } from "./random_key.js";
import { text } from "./text.js";

/** @typedef {import("../../src/live_messages.ts").Person} Person */

const THANKS_MS = 4000;

/** The Donate button and its dialog. Each opening is one donation, however often the viewer sends it. */
export class Donate {
  #notices;
  #dialog = byId("donate-dialog", HTMLDialogElement);
  #form = byId("donate-form", HTMLFormElement);
  #button = byId("donate", HTMLButtonElement);
  #submit = byId("donate-submit", HTMLButtonElement);
  #problem = byId("donate-problem", HTMLElement);
  #amount = byId("donate-amount", HTMLInputElement);
  #presets = byId("presets", HTMLElement).querySelectorAll("button");
  #key = "";
  #sending = false;
  /** @type {number | undefined} */
  #timer;

  /** @param {{ announce: (text: string) => void }} notices */
  constructor(notices) {
    this.#notices = notices;
    byId("donation", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.open();
    });
    for (const preset of this.#presets) {
      preset.addEventListener("click", () => {
        this.#amount.value = this.#amount.value === preset.value ? "" : preset.value;
        this.#showPreset();
      });
    }
    this.#amount.addEventListener("input", () => this.#showPreset());
    this.#form.addEventListener("submit", (event) => {
      if (event.submitter !== this.#submit) return;
      event.preventDefault();
      this.#give();
    });
  }

  open() {
    if (this.#dialog.open) return;
    this.#key = randomKey();
    this.#problem.hidden = true;
    this.#dialog.showModal();
    // The heading stays in sight in a low window.
    this.#submit.focus({ preventScroll: true });
  }

  /** @param {Person} you */
  showYou({ name }) {
    byId("donate-name-field", HTMLElement).hidden = name !== null;
  }

  /** @param {string | null} url Where to pay, if anywhere. */
  showLink(url) {
    byId("donate-free", HTMLElement).hidden = url !== null;
    byId("donate-link-line", HTMLElement).hidden = url === null;
    if (url !== null) byId("donate-link", HTMLAnchorElement).href = url;
  }

  /** Shows the suggested amounts in the channel's currency. */
  showCurrency() {
    for (const preset of this.#presets) setText(preset, amountText(Number(preset.value)));
  }

  /** Thanks on the button for a few seconds. */
  thank() {
    clearTimeout(this.#timer);
    this.#button.dataset.thanks = "true";
    this.#notices.announce(text("watch.donate.success"));
    this.#timer = setTimeout(() => this.#button.dataset.thanks = "false", THANKS_MS);
  }

  async #give() {
    if (this.#sending) return;
    const fields = new FormData(this.#form);
    const field = (/** @type {string} */ name) =>
      String(fields.get(name) ?? "").trim() || undefined;
    const amount = amountOf(field("amount"));
    this.#sending = this.#submit.disabled = true;
    try {
      const gift = { key: this.#key, amount, name: field("name"), message: field("message") };
      await postDonation(gift);
      this.#dialog.close();
      this.#form.reset();
      this.#showPreset();
      this.thank();
    } catch (error) {
      const { message: reason } = /** @type {Error} */ (error);
      setText(this.#problem, text("watch.donate.failed", { reason }));
      this.#problem.hidden = false;
    } finally {
      this.#sending = this.#submit.disabled = false;
    }
  }

  #showPreset() {
    for (const preset of this.#presets) {
      preset.setAttribute("aria-pressed", String(preset.value === this.#amount.value));
    }
  }
}
