/**
 * Does something when a button is pressed, and not once more before that is done. The button is not disabled meanwhile,
 * which would take the focus away.
 *
 * @param {HTMLElement} button
 * @param {() => Promise<unknown>} action Does not reject.
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
 * Disables a button, or not; the focus that it has goes to the field that it belongs to.
 *
 * @param {HTMLButtonElement} button
 * @param {boolean} disabled
 * @param {HTMLElement} field
 */
export function disable(button, disabled, field) {
  if (disabled && button === document.activeElement) field.focus();
  button.disabled = disabled;
}
