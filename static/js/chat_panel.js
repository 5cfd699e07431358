import { isChatWindow, openChatWindow } from "./chat_window.js";
import { byId } from "./dom.js";
import { recall, remember } from "./remembered.js";
import { text } from "./text.js";

/**
 * Shows and hides the chat. Beside the picture it is shown unless the viewer hid it, which the browser remembers, or has it in
 * a window of its own. In fullscreen it lies over the picture, and only on request.
 */
export class ChatPanel {
  #root = document.documentElement;
  #button = byId("show-chat", HTMLButtonElement);
  #onBlocked;
  #isBeside = isChatWindow || recall("chat") !== "hidden";
  #isOver = false;
  /** @type {Window | null} */
  #window = null;

  /** @param {{ onBlocked: (message: string) => void }} options Called if the browser does not open a window. */
  constructor({ onBlocked }) {
    this.#onBlocked = onBlocked;
    if (isChatWindow) this.#root.dataset.view = "chat";
    this.#button.addEventListener("click", () => this.toggle());
    document.querySelector(".skip-link")?.addEventListener("click", () => {
      if (!this.isShown) this.toggle();
    });
    byId("pop-out-chat", HTMLButtonElement).addEventListener("click", () => this.#popOut());
    this.#update();
  }

  get isShown() {
    return this.#isFull ? this.#isOver : this.#isBeside;
  }

  toggle() {
    const shown = !this.isShown;
    if (this.#isFull) this.#isOver = shown;
    else {
      this.#isBeside = shown;
      remember("chat", shown ? "shown" : "hidden");
    }
    this.#update();
  }

  /** Call this when fullscreen starts or ends. */
  follow() {
    this.#isOver = false;
    this.#update();
  }

  /** Brings the chat back when its own window has been closed. Call this every second. */
  tick() {
    if (!this.#window?.closed) return;
    this.#window = null;
    this.#isBeside = true;
    this.#update();
  }

  #popOut() {
    this.#window = openChatWindow();
    if (!this.#window) return this.#onBlocked(text("watch.chat.blocked"));
    this.#isBeside = false;
    this.#update();
  }

  get #isFull() {
    return this.#root.dataset.full === "true";
  }

  #update() {
    this.#root.dataset.chat = this.#isBeside ? "shown" : "hidden";
    this.#root.dataset.overlay = this.#isFull && this.#isOver ? "chat" : "";
    this.#button.setAttribute("aria-pressed", String(this.isShown));
  }
}
