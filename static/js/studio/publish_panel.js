import { byId, setText } from "../dom.js";
import { text } from "../text.js";
import { PublicationList } from "./publication_list.js";
import { onPress } from "./press.js";

/** @typedef {import("../../../src/live_messages.ts").StudioState} StudioState */

/** Where the program is published to, and where the streamer adds a target. */
export class PublishPanel {
  #address = byId("publish-address", HTMLInputElement);
  #reveal = byId("publish-reveal", HTMLButtonElement);
  #hls = byId("publish-hls", HTMLElement);
  #playlist = byId("hls-address", HTMLInputElement);
  #act;
  #notices;
  #list;
  #isAdding = false;

  /**
   * @param {object} options
   * @param {import("./act.js").Act} options.act
   * @param {import("../notices.js").Notices} options.notices
   * @param {Pick<import("../clock.js").Clock, "wall">} options.clock The server's.
   */
  constructor({ act, notices, clock }) {
    this.#act = act;
    this.#notices = notices;
    this.#list = new PublicationList({ act, notices, clock });
    onPress(this.#reveal, () => Promise.resolve(this.#show(this.#address.type === "password")));
    byId("publish-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#add();
    });
    this.#playlist.value = new URL("hls/live.m3u8", byId("address", HTMLInputElement).value).href;
    this.#playlist.addEventListener("focus", () => this.#playlist.select());
    this.#show(false);
  }

  /** @param {StudioState} studio */
  show({ publications, hls }) {
    this.#list.show(publications);
    this.#hls.hidden = !hls;
  }

  /** @param {boolean} isShown Whether the address is readable. */
  #show(isShown) {
    this.#address.type = isShown ? "text" : "password";
    setText(this.#reveal, text(isShown ? "studio.publish.hide" : "studio.publish.show"));
  }

  async #add() {
    if (this.#isAdding) return;
    this.#isAdding = true;
    const failure = text("studio.publish.notAdded");
    const added = await this.#act("admin/publish", { url: this.#address.value.trim() }, failure);
    this.#isAdding = false;
    if (!added) return;
    // It may hold a stream key, which the page must not keep.
    this.#address.value = "";
    this.#show(false);
    this.#notices.announce(text("studio.publish.added"));
  }
}
