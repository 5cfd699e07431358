import { byId, element } from "./dom.js";

const EMOJI =
  "😀 😂 🙂 😉 😍 😎 🤔 😮 😢 😭 😡 🥳 👋 👍 👎 👏 🙌 🙏 💪 👀 ❤️ 💜 💔 🔥 ✨ ⭐ 🎉 🎁 🎮 🎵 📷 ☕ 🍕 🐱 🐶 🐦"
    .split(" ");

/**
 * Sets up the emoji panel, which uses the device's own font. Arrow keys move through it, Escape closes it.
 *
 * @param {(emoji: string) => void} onPick
 * @returns {() => void} Opens or closes it.
 */
export function setUpEmoji(onPick) {
  const opener = byId("show-emoji", HTMLButtonElement);
  const panel = byId("emoji", HTMLElement);
  const buttons = EMOJI.map((emoji, i) => {
    const button = element("button", emoji);
    button.type = "button";
    button.tabIndex = i === 0 ? 0 : -1;
    return button;
  });
  panel.append(...buttons);

  const show = (/** @type {boolean} */ open) => {
    panel.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    (open ? buttons[0] : opener).focus();
  };
  panel.addEventListener("click", ({ target }) => {
    const button = /** @type {Element} */ (target).closest("button");
    if (!button) return;
    show(false);
    onPick(button.textContent ?? "");
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      return show(false);
    }
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const next = buttons[at + stepOf(event.key, buttons)];
    if (at < 0 || !next || next === buttons[at]) return;
    event.preventDefault();
    buttons[at].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
  document.addEventListener("pointerdown", ({ target }) => {
    const inside = target instanceof Node && (panel.contains(target) || opener.contains(target));
    if (panel.hidden || inside) return;
    panel.hidden = true;
    opener.setAttribute("aria-expanded", "false");
  });
  return () => show(panel.hidden === true);
}

/**
 * @param {string} key
 * @param {readonly HTMLButtonElement[]} buttons
 */
function stepOf(key, buttons) {
  const row = buttons.filter(({ offsetTop }) => offsetTop === buttons[0].offsetTop).length;
  return { ArrowRight: 1, ArrowLeft: -1, ArrowDown: row, ArrowUp: -row }[key] ?? 0;
}
