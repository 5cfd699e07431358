// @ts-types="./std_html.d.ts"
import { escape } from "@std/html/entities";
import type { Community } from "../channel/community.ts";
import type { ChatMessage, Supporter } from "../live_messages.ts";

/** How many messages the page has before any script runs. */
const MESSAGES = 30;

/** The newest messages and the supporters: as HTML for the page, and as JSON for `/chat`. */
export interface RenderedHistory {
  /** List items. */
  readonly messages: string;
  /** List items. */
  readonly supporters: string;
  /** As `/chat` answers it. */
  readonly json: string;
}

/** The parts of the community that the history is rendered from. */
export type RenderedCommunity = Pick<Community, "chat" | "donations" | "revision">;

/** Renders the history for everyone once, until it changes. */
export class History {
  readonly #community: RenderedCommunity;
  #revision: number | null = null;
  #rendered: RenderedHistory | null = null;

  /** Renders nothing until it is read. */
  constructor(community: RenderedCommunity) {
    this.#community = community;
  }

  /** The history as it is now. */
  get rendered(): RenderedHistory {
    const revision = this.#community.revision();
    if (!this.#rendered || revision === null || revision !== this.#revision) {
      this.#rendered = this.#render();
      this.#revision = revision;
    }
    return this.#rendered;
  }

  #render(): RenderedHistory {
    const { chat, donations } = this.#community;
    const newest = chat.newest();
    return {
      messages: newest.chat.slice(-MESSAGES).map(messageItem).join("\n"),
      supporters: donations.supporters().map(supporterItem).join("\n"),
      json: JSON.stringify(newest),
    };
  }
}

/** Without words, because all languages share it. */
function messageItem({ id, name, hue, text, supporter, gift }: ChatMessage): string {
  const badge = supporter ? " data-supporter" : "";
  const given = gift ? `<b>♥ ${gift.amount ?? ""}</b> ` : "";
  return `<li data-id="${id}"${badge}>${nameElement(name, hue)} ${given}` +
    `<span class="message-text" dir="auto">${escape(text)}</span></li>`;
}

function supporterItem({ name, hue }: Supporter): string {
  return `<li>${nameElement(name, hue)}</li>`;
}

/** Isolated, so that a name written from right to left does not turn around what follows it. */
function nameElement(name: string, hue: number): string {
  return `<b class="name" data-hue="${hue}"><bdi>${escape(name)}</bdi></b>`;
}
