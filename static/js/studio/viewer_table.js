import { byId, setText } from "../dom.js";
import { text } from "../text.js";
import { durationText } from "../time_text.js";
import { onPress } from "./press.js";
import { copyOf, KeyedList, partOf } from "./keyed_list.js";
import { levelText } from "../quality_text.js";
import { bandwidthText, delayText } from "../unit_text.js";
import { hearingText } from "./sound_text.js";
import { whyText } from "./why_text.js";

/** @typedef {import("../../../src/live_messages.ts").StudioViewer} StudioViewer */
/** @typedef {import("../../../src/live_messages.ts").StudioState} StudioState */
/** @typedef {import("./act.js").Act} Act */

const NAMELESS = text("studio.viewers.viewer");

/** The open streams, oldest first, so that rows keep their places. */
export class ViewerTable {
  #table = byId("viewer-table", HTMLElement);
  #empty = byId("viewers-empty", HTMLElement);
  #count = byId("viewers-count", HTMLElement);
  #template = byId("viewer-template", HTMLTemplateElement);
  #clock;
  /** @type {KeyedList<StudioViewer>} */
  #rows;

  /**
   * @param {object} options
   * @param {Act} options.act
   * @param {Pick<import("../clock.js").Clock, "wall">} options.clock The server's.
   */
  constructor({ act, clock }) {
    this.#clock = clock;
    this.#rows = new KeyedList({
      parent: byId("viewer-rows", HTMLElement),
      keyOf: ({ id }) => id,
      create: (id) => {
        const row = copyOf(this.#template);
        const kick = () => act("admin/kick", { id }, text("studio.viewers.kick.failed"));
        onPress(partOf(row, ".kick"), kick);
        return row;
      },
      fill: (row, viewer) => this.#fill(row, viewer),
      fallback: byId("viewers-heading", HTMLElement),
    });
  }

  /** @param {Pick<StudioState, "viewers" | "sound">} studio */
  show({ viewers, sound }) {
    this.#table.dataset.sound = sound.state;
    this.#table.hidden = viewers.length === 0;
    this.#empty.hidden = viewers.length > 0;
    const { length } = viewers;
    setText(this.#count, length > 0 ? text("studio.viewers.streams", { count: length }) : "");
    this.#rows.show(viewers.toSorted((a, b) => a.since - b.since));
  }

  /**
   * @param {HTMLElement} row
   * @param {StudioViewer} viewer
   */
  #fill(row, { name, device, since, delivery, hearing }) {
    const set = (/** @type {string} */ selector, /** @type {string} */ value) =>
      setText(partOf(row, selector), value);
    set(".viewer-name", name ?? NAMELESS);
    set(".viewer-device", device);
    set(".viewer-given b", levelText(delivery));
    set(".viewer-given small", whyText(delivery));
    set(".viewer-rate b", `${Math.round(delivery.fps)} fps`);
    set(".viewer-rate small", bandwidthText(delivery.kbps));
    set(".viewer-delay", delayText(delivery.delay));
    set(".viewer-sound b", hearing ? delayText(hearing.delay) : "–");
    set(".viewer-sound small", hearing ? hearingText(hearing) : "");
    set(".viewer-since", durationText(this.#clock.wall() - since));
    const label = text("studio.viewers.kick.label", { name: name ?? NAMELESS, device });
    const button = partOf(row, ".kick");
    if (button.getAttribute("aria-label") !== label) button.setAttribute("aria-label", label);
  }
}
