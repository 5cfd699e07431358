// @ts-types="./std_html.d.ts"
import { escape } from "@std/html/entities";
import type { Community } from "../channel/community.ts";
import type { ChatMessage, Supporter } from "../live_messages.ts";
import { SUPPORTERS } from "./live/hello.ts";

/** How many messages a page shows before any script runs. */
const MESSAGES = 30;

/** What was said and given, as HTML for the page and as JSON for `/chat`. */
export interface RenderedHistory {
  readonly messages: string;
  readonly supporters: string;
  readonly json: string;
}

/** Renders the history once for everyone, until it changes. */
export class History {
  readonly #community: Community;
  #revision: number | null = null;
  #rendered: RenderedHistory | null = null;

  constructor(community: Community) {
    this.#community = community;
  }

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
      supporters: donations.supporters(SUPPORTERS).map(supporterItem).join("\n"),
      json: JSON.stringify(newest),
    };
  }
}

function messageItem({ id, name, hue, text, supporter }: ChatMessage): string {
  const badge = supporter ? " data-supporter" : "";
  return `<li data-id="${id}"${badge}><b class="name" data-hue="${hue}">${escape(name)}</b> ` +
    `<span>${escape(text)}</span></li>`;
}

function supporterItem({ name, hue }: Supporter): string {
  return `<li><b class="name" data-hue="${hue}">${escape(name)}</b></li>`;
}
