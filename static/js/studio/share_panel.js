import { byId, setText } from "../dom.js";

/** @typedef {import("./admin.js").Admin} Admin */
/** @typedef {import("../notices.js").Notices} Notices */

const COPIED_MS = 2500;

/** The viewers' address, and a card that shows it. */
export class SharePanel {
  #address = byId("address", HTMLInputElement);
  #copy = byId("copy", HTMLButtonElement);
  #panel = byId("share-card", HTMLElement);
  #card = byId("card", HTMLImageElement);
  #download = byId("card-download", HTMLAnchorElement);
  #admin;
  #notices;
  /** What the card that is shown was drawn for. */
  #drawn = "";
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {Admin} admin
   * @param {Notices} notices
   */
  constructor(admin, notices) {
    this.#admin = admin;
    this.#notices = notices;
    this.#address.addEventListener("focus", () => this.#address.select());
    this.#copy.addEventListener("click", () => this.#copyAddress());
  }

  /**
   * @param {string} title
   * @param {string} instance Of the server.
   */
  async show(title, instance) {
    const wanted = `${instance} ${title}`;
    if (wanted === this.#drawn) return;
    this.#drawn = wanted;
    try {
      const card = await this.#admin.blob("admin/share-card.png");
      // Another title may have come meanwhile, with its own card.
      if (wanted !== this.#drawn) return;
      const before = this.#card.src;
      this.#card.src = this.#download.href = URL.createObjectURL(card);
      if (before) URL.revokeObjectURL(before);
      this.#panel.hidden = false;
    } catch (error) {
      this.#panel.hidden = true;
      this.#notices.error(`There is no share card: ${/** @type {Error} */ (error).message}`);
    }
  }

  async #copyAddress() {
    this.#address.select();
    try {
      await navigator.clipboard.writeText(this.#address.value);
    } catch {
      // Only secure pages have a clipboard; the older way works on all.
      if (!document.execCommand("copy")) {
        this.#notices.error("Copy the marked address yourself: the browser does not let the page");
        return;
      }
    }
    setText(this.#copy, "Copied");
    this.#notices.announce("The address is copied");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => setText(this.#copy, "Copy"), COPIED_MS);
  }
}
