import { element } from "../dom.js";
import { text } from "../text.js";

/**
 * Makes a row of buttons of which one is chosen.
 *
 * @template Value
 * @param {string} label
 * @param {readonly { value: Value, label: string }[]} options
 * @param {(value: Value) => void} onChoice
 */
export function segments(label, options, onChoice) {
  const row = element("div", "", "segments");
  const buttons = options.map(({ value, label }) => {
    const button = element("button", label);
    button.type = "button";
    button.addEventListener("click", () => onChoice(value));
    return { value, button };
  });
  row.append(...buttons.map(({ button }) => button));
  const fieldset = element("fieldset");
  fieldset.append(element("legend", label), row);
  return {
    element: fieldset,
    /** @param {Value} chosen */
    show(chosen) {
      for (const { value, button } of buttons) {
        button.setAttribute("aria-pressed", String(value === chosen));
      }
    },
  };
}

/**
 * Makes the head of a dialog: its title and a button that closes it.
 *
 * @param {string} title
 * @param {string} id Of the heading.
 */
export function headed(title, id) {
  const header = element("header");
  const heading = element("h2", title);
  heading.id = id;
  const close = element("button", "×", "close");
  close.setAttribute("aria-label", text("common.close"));
  close.value = "close";
  header.append(heading, close);
  return { heading, header };
}
