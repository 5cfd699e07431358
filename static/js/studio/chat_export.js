import { saveFile } from "../save_file.js";
import { text } from "../text.js";
import { onPress } from "./press.js";

/**
 * Makes every button for it download the chat as text.
 *
 * @param {import("./admin.js").Admin} admin
 * @param {import("../notices.js").Notices} notices
 */
export function setUpChatExport(admin, notices) {
  for (const button of document.querySelectorAll(".export-chat")) {
    onPress(/** @type {HTMLElement} */ (button), async () => {
      try {
        const day = new Date().toLocaleDateString("sv-SE");
        saveFile(await admin.blob("admin/chat.txt"), `chat_${day}.txt`);
      } catch (error) {
        const { message } = /** @type {Error} */ (error);
        notices.error(text("studio.chatExport.failed", { reason: message }));
      }
    });
  }
}
