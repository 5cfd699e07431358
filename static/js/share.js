import { byId } from "./dom.js";
import { text } from "./text.js";

/** Sets up the dialog with the address, its QR code and the code to embed the player. @returns {() => void} Opens it. */
export function setUpShare() {
  const dialog = byId("share-dialog", HTMLDialogElement);
  const code = byId("qr", HTMLImageElement);
  const buttons = [setUpCopy("share-address", "copy"), setUpCopy("share-embed", "copy-embed")];
  const open = () => {
    if (dialog.open) return;
    code.src = "qr.svg";
    for (const button of buttons) button.textContent = text("watch.share.copy");
    dialog.showModal();
    buttons[0].focus();
  };
  return open;
}

/**
 * Makes a button copy a field. Returns the button.
 *
 * @param {string} fieldId
 * @param {string} buttonId
 */
function setUpCopy(fieldId, buttonId) {
  const field = byId(fieldId, HTMLInputElement);
  const button = byId(buttonId, HTMLButtonElement);
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    button.textContent = text(await copied(field) ? "watch.share.copied" : "watch.share.byHand");
  });
  return button;
}

/** @param {HTMLInputElement} field */
async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    // Pages over plain HTTP from another machine have no clipboard API, but they have the old command.
    field.select();
    return document.execCommand("copy");
  }
}
