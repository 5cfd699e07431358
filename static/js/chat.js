import { ChatFeed } from "./chat_feed.js";
import { Composer } from "./composer.js";
import { byId, setText } from "./dom.js";
import { spokenMessage } from "./message_view.js";
import { Outbox } from "./outbox.js";
import { randomKey } from "./random_key.js";
import { refusalText, text } from "./text.js";

/** @typedef {import("../../src/live_messages.ts").ServerMessage} ServerMessage */
/** @typedef {import("../../src/live_messages.ts").Person} Person */
/** @typedef {import("./outbox.js").Letter} Letter */

/** Screen readers get the messages of this long together, so that they do not pile up. Milliseconds. */
const ANNOUNCE_MS = 1000;

/** The viewer's chat: reads through the page socket and writes through it. */
export class Chat {
  #feed;
  #composer;
  #outbox;
  #notices;
  #announcement = byId("chat-announcement", HTMLElement);
  /** @type {Person | null} */
  #you = null;
  /** @type {string[]} */
  #unspoken = [];
  /** @type {Promise<import("./message_menu.js").MessageMenu> | undefined} A moderator's. */
  #menu;

  /**
   * @param {object} options
   * @param {Pick<import("./page_socket.js").PageSocket, "send">} options.socket
   * @param {(at: number) => number} options.here Converts the server's time to this device's.
   * @param {import("./notices.js").Notices} options.notices
   * @param {(blocked: boolean) => void} options.onBlocked Whether the streamer lets this viewer write or not.
   */
  constructor({ socket, here, notices, onBlocked }) {
    this.#notices = notices;
    this.#feed = new ChatFeed({
      ask: (before) => socket.send({ type: "older", before }),
      onReply: (message) => this.#composer.replyTo(message),
      here,
    });
    this.#composer = new Composer({ onSend: (message) => this.#send(message), here, onBlocked });
    this.#outbox = new Outbox(({ key, text, name, reply }) =>
      socket.send({ type: "chat", key, text, name, replyTo: reply?.id })
    );
  }

  focus() {
    this.#composer.focus();
  }

  /**
   * Says what is wrong with the connection.
   *
   * @param {string} problem None if empty.
   * @param {string} reason
   */
  showProblem(problem, reason) {
    setText(byId("chat-problem", HTMLElement), problem);
    setText(byId("chat-reason", HTMLElement), reason);
  }

  /** @param {ServerMessage} message Messages that do not concern the chat do nothing. */
  hear(message) {
    switch (message.type) {
      case "hello":
        this.#composer.comeBack();
        this.#showYou(message.you);
        this.#feed.hear(message);
        return this.#outbox.resend();
      case "you":
        return this.#showYou(message.you);
      case "chat":
        this.#feed.hear(message);
        if (message.key !== undefined) this.#outbox.settle(message.key);
        if (message.message.author !== this.#feed.own) {
          this.#announce(text("common.sentence", { text: spokenMessage(message.message) }));
        }
        return;
      case "refused":
        return this.#refused(message);
      case "kicked":
        return this.#leave(message);
      default:
        return this.#feed.hear(message);
    }
  }

  /** @param {Person} you */
  #showYou(you) {
    this.#you = you;
    this.#composer.showYou(you);
    // Few viewers need it.
    if (you.role === "moderator") {
      this.#menu ??= import("./moderator.js").then(({ setUpModerator }) =>
        setUpModerator(this.#feed, this.#notices)
      );
    }
    if (this.#menu) this.#menu.then((menu) => this.#showModeration(menu));
    else document.documentElement.dataset.moderates = "false";
  }

  /**
   * Offers the menu as long as the viewer is a moderator, and not before it works.
   *
   * @param {import("./message_menu.js").MessageMenu} menu
   */
  #showModeration(menu) {
    const moderates = this.#you?.role === "moderator";
    document.documentElement.dataset.moderates = String(moderates);
    if (!moderates) menu.close();
  }

  /** @param {Omit<Letter, "key">} message */
  #send(message) {
    const key = randomKey();
    const { hue = 0, author = "", supporter = false, role } = this.#you ?? {};
    const name = message.name ?? this.#you?.name ?? "";
    const { text, reply } = message;
    this.#feed.model.begin(key, { name, hue, text, supporter, author, role, reply });
    this.#feed.show({ own: true });
    this.#outbox.add({ key, ...message });
  }

  /** @param {Extract<ServerMessage, { type: "refused" }>} refused */
  #refused(refused) {
    const letter = this.#outbox.get(refused.key);
    if (!letter) return;
    const { retryAfter } = refused;
    const passes = retryAfter !== undefined && refused.code !== "muted";
    if (passes && (this.#outbox.size > 1 || !this.#composer.isEmpty || refused.code === "store")) {
      this.#outbox.hold(retryAfter);
      return this.#composer.wait(refused, retryAfter);
    }
    this.#outbox.settle(refused.key);
    this.#feed.model.discard(refused.key);
    this.#feed.show();
    this.#composer.putBack(letter);
    if (passes) this.#composer.wait(refused, retryAfter);
    else this.#composer.refuse(refused);
    this.#announce(text("watch.chat.notSent", { reason: refusalText(refused) }));
  }

  /** @param {import("../../src/live_messages.ts").Explanation} why The streamer sent this viewer away. */
  #leave(why) {
    const letters = this.#outbox.takeBack();
    for (const { key } of letters) this.#feed.model.discard(key);
    this.#feed.show();
    this.#composer.leave(why, letters);
  }

  /** @param {string} words Whole sentences. */
  #announce(words) {
    this.#unspoken.push(words);
    if (this.#unspoken.length > 1) return;
    setTimeout(() => {
      const count = this.#unspoken.length;
      const spoken = count > 3 ? text("common.chat.unread", { count }) : this.#unspoken.join(" ");
      setText(this.#announcement, spoken);
      this.#unspoken = [];
    }, ANNOUNCE_MS);
  }
}
