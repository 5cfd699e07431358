import { ChatList } from "./chat_list.js";
import { ChatModel } from "./chat_model.js";
import { Composer } from "./composer.js";
import { byId, setText } from "./dom.js";
import { randomKey } from "./random_key.js";

/** @typedef {import("../../src/live_messages.ts").ServerMessage} ServerMessage */
/** @typedef {import("../../src/live_messages.ts").Person} Person */

/** A message without an answer for this long counts as not sent. Milliseconds. */
const PATIENCE_MS = 8000;

/** Screen readers get the messages of this long together, so that they do not pile up. Milliseconds. */
const ANNOUNCE_MS = 1000;

/** The chat: connects the page socket, the model and the page. */
export class Chat {
  #socket;
  #model = new ChatModel();
  #list;
  #composer;
  #announcement = byId("chat-announcement", HTMLElement);
  /** @type {Person | null} */
  #you = null;
  /** @type {Map<string, { name: string | undefined, timer: number | undefined }>} By key, until the server confirms them. */
  #own = new Map();
  /** The page has asked for the messages before this id; 0 if it waits for none. */
  #asked = 0;
  #instance = "";
  /** @type {string[]} */
  #unspoken = [];

  /**
   * @param {object} options
   * @param {import("./page_socket.js").PageSocket} options.socket
   * @param {(at: number) => number} options.here Converts the server's time to this device's.
   */
  constructor({ socket, here }) {
    this.#socket = socket;
    this.#list = new ChatList({
      onTop: () => this.#askOlder(),
      onRetry: (key) => this.#retry(key),
      onDiscard: (key) => this.#discard(key),
      here,
    });
    this.#composer = new Composer({ onSend: (text, name) => this.#send(text, name), here });
  }

  focus() {
    this.#composer.focus();
  }

  /** @param {ServerMessage} message Messages that do not concern the chat do nothing. */
  hear(message) {
    switch (message.type) {
      case "hello":
        return this.#join(message);
      case "you":
        this.#you = message.you;
        return this.#composer.showYou(message.you);
      case "chat":
        return this.#add(message);
      case "refused":
        return this.#refused(message);
      case "deleted":
        this.#model.delete(message.ids);
        return this.#show();
      case "purged":
        this.#model.purge(message.author, message.upTo);
        return this.#show();
      case "older":
        this.#asked = 0;
        this.#model.addOlder(message.before, message.chat, message.more);
        return this.#show();
    }
  }

  /** @param {Extract<ServerMessage, { type: "hello" }>} hello */
  #join({ chat, more, you, instance }) {
    this.#model.join(chat, more, instance !== this.#instance);
    this.#instance = instance;
    this.#asked = 0;
    this.#you = you;
    this.#composer.showYou(you);
    this.#show();
    for (const { key, message } of this.#model.sending) this.#post(key, message.text);
  }

  /** @param {Extract<ServerMessage, { type: "chat" }>} chat */
  #add({ message, key }) {
    if (key !== undefined) this.#settle(key);
    this.#model.add(message, key);
    const isOwn = message.author === this.#you?.author;
    this.#show({ fresh: isOwn ? 0 : 1 });
    if (!isOwn) this.#announce(`${message.name}: ${message.text}`);
  }

  /** @param {Extract<ServerMessage, { type: "refused" }>} refused */
  #refused({ key, reason, retryAfter }) {
    this.#settle(key);
    this.#fail(key, `${reason}.`, retryAfter);
  }

  /**
   * @param {string} text
   * @param {string | undefined} name
   */
  #send(text, name) {
    const key = randomKey();
    const { hue = 0, author = "", supporter = false } = this.#you ?? {};
    this.#model.begin(key, text, { name: name ?? this.#you?.name ?? "", hue, author, supporter });
    this.#own.set(key, { name, timer: undefined });
    this.#show({ own: true });
    this.#post(key, text);
  }

  /**
   * @param {string} key
   * @param {string} text
   */
  #post(key, text) {
    const own = this.#own.get(key);
    if (!own) return;
    clearTimeout(own.timer);
    own.timer = setTimeout(() => this.#fail(key, "Not sent: no connection.", 0), PATIENCE_MS);
    this.#socket.send({ type: "chat", key, text, name: own.name });
  }

  /** @param {string} key */
  #retry(key) {
    const text = this.#model.retry(key);
    if (text === null) return;
    this.#show({ own: true });
    this.#post(key, text);
    this.#composer.focus();
  }

  /** @param {string} key */
  #discard(key) {
    this.#model.discard(key);
    this.#own.delete(key);
    this.#show();
    this.#composer.focus();
  }

  /**
   * @param {string} key
   * @param {string} reason
   * @param {number} [retryAfter]
   */
  #fail(key, reason, retryAfter) {
    this.#model.fail(key, reason, retryAfter);
    this.#show({ own: true });
    this.#announce(`Your message was not sent. ${reason}`);
  }

  /** @param {string} key Of a message that the server has answered. */
  #settle(key) {
    clearTimeout(this.#own.get(key)?.timer);
  }

  /** @param {{ own?: boolean, fresh?: number }} [change] */
  #show(change) {
    const more = this.#model.olderThan !== null;
    this.#list.show(this.#model.entries, { more, ...change });
  }

  #askOlder() {
    const before = this.#model.olderThan;
    if (before === null || before === this.#asked) return;
    if (this.#socket.send({ type: "older", before })) this.#asked = before;
  }

  /** @param {string} text */
  #announce(text) {
    this.#unspoken.push(text);
    if (this.#unspoken.length > 1) return;
    setTimeout(() => {
      const { length } = this.#unspoken;
      setText(
        this.#announcement,
        length > 3 ? `${length} new messages` : this.#unspoken.join(". "),
      );
      this.#unspoken = [];
    }, ANNOUNCE_MS);
  }
}
