/**
 * Runs an action when a button is pressed, and ignores more presses until it is done. It does not disable the button, which
 * would lose the focus.
 *
 * @param {HTMLElement} button
 * @param {() => Promise<unknown>} action Must not reject.
 */
export function onPress(button, action) {
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    await action();
    button.setAttribute("aria-busy", "false");
  });
}

/**
 * Disables or enables a button. If it has the focus, its field gets it.
 *
 * @param {HTMLButtonElement} button
 * @param {boolean} disabled
 * @param {HTMLElement} field
 */
export function disable(button, disabled, field) {
  if (disabled && button === document.activeElement) field.focus();
  button.disabled = disabled;
}
