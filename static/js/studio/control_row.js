import { element } from "../dom.js";
import { text } from "../text.js";

/** @typedef {import("../../../src/camera_controls/control.ts").Control} Control */
/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLButtonElement} Field */

/** One camera control: its name, and a field that fits its type. */
export class ControlRow {
  element = element("div", "", "control");
  /** @type {Field[]} */
  #fields;

  /**
   * @param {Control} control
   * @param {(value: number) => void} onChange
   */
  constructor(control, onChange) {
    this.#fields = fieldsOf(control, onChange);
    const [first] = this.#fields;
    this.element.dataset.type = control.type;
    if (control.type !== "button") {
      const label = element("label", control.title);
      first.id = label.htmlFor = `control-${control.id}`;
      this.element.append(label);
    }
    this.element.append(...this.#fields);
  }

  /**
   * @param {Control} control The current state of the constructor's control.
   * @param {boolean} keepsValue Whether the streamer has already changed it again.
   */
  show({ value, initial, inactive, readOnly }, keepsValue) {
    for (const field of this.#fields) {
      field.disabled = inactive || readOnly;
      if (keepsValue || field instanceof HTMLButtonElement) continue;
      const shown = value ?? initial;
      if (field.type === "checkbox") /** @type {HTMLInputElement} */ (field).checked = shown !== 0;
      else field.value = String(shown);
    }
  }
}

/**
 * @param {Control} control
 * @param {(value: number) => void} onChange
 * @returns {Field[]} The label belongs to the first one.
 */
function fieldsOf(control, onChange) {
  switch (control.type) {
    case "int": {
      const slider = numberInput(control, "range");
      const number = numberInput(control, "number");
      number.ariaLabel = text("studio.controls.number", { name: control.title });
      slider.addEventListener("input", () => {
        number.value = slider.value;
        onChange(slider.valueAsNumber);
      });
      number.addEventListener("change", () => {
        if (Number.isNaN(number.valueAsNumber)) return;
        slider.value = number.value;
        onChange(Math.round(number.valueAsNumber));
      });
      return [slider, number];
    }
    case "bitmask": {
      const number = numberInput(control, "number");
      number.addEventListener("change", () => {
        if (!Number.isNaN(number.valueAsNumber)) onChange(Math.round(number.valueAsNumber));
      });
      return [number];
    }
    case "bool": {
      const checkbox = element("input");
      checkbox.type = "checkbox";
      checkbox.addEventListener("change", () => onChange(Number(checkbox.checked)));
      return [checkbox];
    }
    case "menu":
    case "intmenu": {
      const select = element("select");
      select.append(...control.menu.map(({ value, label }) => new Option(label, String(value))));
      select.addEventListener("change", () => onChange(Number(select.value)));
      return [select];
    }
    case "button": {
      const button = element("button", control.title, "quiet");
      button.type = "button";
      button.addEventListener("click", () => onChange(1));
      return [button];
    }
  }
}

/**
 * @param {Control} control
 * @param {"range" | "number"} type
 */
function numberInput({ min, max, step }, type) {
  const input = element("input");
  input.type = type;
  input.min = String(min);
  input.max = String(max);
  input.step = String(Math.max(1, step));
  return input;
}
