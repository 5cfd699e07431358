import { byId } from "./dom.js";

/** Sets up the dialog with the address and its QR code. @returns {() => void} Opens it. */
export function setUpShare() {
  const dialog = byId("share-dialog", HTMLDialogElement);
  const code = byId("qr", HTMLImageElement);
  const address = byId("share-address", HTMLInputElement);
  const copy = byId("copy", HTMLButtonElement);
  const open = () => {
    if (dialog.open) return;
    code.src = "qr.svg";
    copy.textContent = "Copy";
    dialog.showModal();
    copy.focus();
  };
  byId("share", HTMLButtonElement).addEventListener("click", open);
  address.addEventListener("focus", () => address.select());
  copy.addEventListener("click", async () => {
    copy.textContent = await copied(address) ? "Copied" : "Press Ctrl+C";
  });
  return open;
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
