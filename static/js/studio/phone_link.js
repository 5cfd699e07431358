import { byId } from "../dom.js";
import { text } from "../text.js";
import { onPress } from "./press.js";

/**
 * Shows the studio's address with the token as a QR code, which is on the page only while its dialog is open.
 *
 * @param {import("./admin.js").Admin} admin
 * @param {import("../notices.js").Notices} notices
 */
export function setUpPhoneLink(admin, notices) {
  const dialog = byId("phone", HTMLDialogElement);
  const code = byId("phone-code", HTMLImageElement);
  onPress(byId("show-phone", HTMLButtonElement), async () => {
    try {
      code.src = URL.createObjectURL(await admin.blob("admin/studio-qr.svg"));
      dialog.showModal();
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      notices.error(text("studio.phone.failed", { reason: message }));
    }
  });
  dialog.addEventListener("close", () => {
    URL.revokeObjectURL(code.src);
    code.removeAttribute("src");
  });
}
