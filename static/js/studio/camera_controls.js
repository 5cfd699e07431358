import { byId, setText } from "../dom.js";
import { text } from "../text.js";
import { ControlRow } from "./control_row.js";
import { KeyedList } from "./keyed_list.js";
import { NewestChanges } from "./newest_changes.js";
import { onPress } from "./press.js";

/** @typedef {import("../../../src/camera_controls/control.ts").Control} Control */
/** @typedef {import("../../../src/camera_controls/control.ts").ControlList} ControlList */
/** @typedef {import("../../../src/live_messages.ts").StudioState} StudioState */
/** @typedef {import("./act.js").Act} Act */
/** @typedef {import("./admin.js").Admin} Admin */

/**
 * The camera's brightness, exposure and other controls. The panel loads them each time it is opened, because other programs
 * may change them.
 */
export class CameraControls {
  #panel = byId("camera-controls", HTMLDetailsElement);
  #note = byId("controls-note", HTMLElement);
  #reset = byId("controls-reset", HTMLButtonElement);
  #admin;
  #act;
  /** @type {Map<string, ControlRow>} By the result of {@linkcode keyOf}. */
  #rows = new Map();
  /** @type {Map<string, Control>} */
  #controls = new Map();
  #changes = new NewestChanges((name, value) => this.#send(name, value));
  #list;
  /** The current source, and whether it delivers frames. */
  #shown = "";

  /**
   * @param {object} options
   * @param {Admin} options.admin
   * @param {Act} options.act
   */
  constructor({ admin, act }) {
    this.#admin = admin;
    this.#act = act;
    this.#list = new KeyedList({
      parent: byId("controls", HTMLElement),
      keyOf,
      create: (key) => this.#createRow(key),
      fill: (_, control) => this.#fillRow(control),
      fallback: byId("controls-summary", HTMLElement),
    });
    this.#panel.addEventListener("toggle", () => this.#look());
    onPress(this.#reset, async () => {
      const answer = await act("admin/controls/reset", {}, text("studio.controls.notReset"));
      if (answer) this.#show(/** @type {ControlList} */ (answer));
    });
  }

  /** @param {StudioState} studio */
  show({ source, reason }) {
    const shown = `${source} ${reason === null}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#look();
  }

  /** Loads the controls if the panel is open. */
  async #look() {
    if (!this.#panel.open) return;
    try {
      this.#show(await this.#admin.get("admin/controls"));
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      this.#show({ reason: text("studio.controls.notListed", { reason: message }), controls: [] });
    }
  }

  /**
   * @param {string} name
   * @param {number} value
   */
  async #send(name, value) {
    const failure = text("studio.controls.notChanged");
    const answer = await this.#act("admin/controls", { name, value }, failure);
    if (answer) this.#show(/** @type {ControlList} */ (answer));
    else await this.#look();
  }

  /** @param {ControlList} list */
  #show({ reason, controls }) {
    this.#note.hidden = reason === null;
    setText(this.#note, reason ?? "");
    this.#reset.hidden = controls.length === 0;
    this.#controls = new Map(controls.map((control) => [keyOf(control), control]));
    this.#list.show(controls);
    for (const key of this.#rows.keys()) if (!this.#controls.has(key)) this.#rows.delete(key);
  }

  /** @param {string} key */
  #createRow(key) {
    const control = /** @type {Control} */ (this.#controls.get(key));
    const row = new ControlRow(control, (value) => this.#changes.put(control.name, value));
    this.#rows.set(key, row);
    return row.element;
  }

  /** @param {Control} control */
  #fillRow(control) {
    this.#rows.get(keyOf(control))?.show(control, this.#changes.isWaiting(control.name));
  }
}

/**
 * Identifies a control by everything that a row is built from.
 *
 * @param {Control} control
 */
function keyOf({ id, title, type, min, max, step, menu }) {
  return JSON.stringify([id, title, type, min, max, step, menu]);
}
