import { byId, setText } from "../dom.js";
import { text } from "../text.js";

/** @typedef {import("./admin.js").Admin} Admin */
/** @typedef {import("../notices.js").Notices} Notices */

const COPIED_MS = 2500;

/** The viewer link, and a card that shows it. */
export class SharePanel {
  #address = byId("address", HTMLInputElement);
  #copy = byId("copy", HTMLButtonElement);
  #panel = byId("share-card", HTMLElement);
  #card = byId("card", HTMLImageElement);
  #download = byId("card-download", HTMLAnchorElement);
  #admin;
  #notices;
  /** The server and title that the shown card was drawn for. */
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
   * @param {string} instance Identifies the run of the server.
   */
  async show(title, instance) {
    const wanted = `${instance} ${title}`;
    if (wanted === this.#drawn) return;
    this.#drawn = wanted;
    try {
      const card = await this.#admin.blob("admin/share-card.png");
      // The title may have changed during the request.
      if (wanted !== this.#drawn) return;
      const before = this.#card.src;
      this.#card.src = this.#download.href = URL.createObjectURL(card);
      if (before) URL.revokeObjectURL(before);
      this.#panel.hidden = false;
    } catch (error) {
      this.#panel.hidden = true;
      const { message } = /** @type {Error} */ (error);
      this.#notices.error(text("studio.share.failed", { reason: message }));
    }
  }

  async #copyAddress() {
    this.#address.select();
    try {
      await navigator.clipboard.writeText(this.#address.value);
    } catch {
      // Only secure pages have a clipboard API; the old command works on all.
      if (!document.execCommand("copy")) {
        this.#notices.error(text("studio.share.notCopied"));
        return;
      }
    }
    setText(this.#copy, text("studio.share.copied"));
    this.#notices.announce(text("studio.share.copied.link"));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => setText(this.#copy, text("studio.share.copy")), COPIED_MS);
  }
}
