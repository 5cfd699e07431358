import { setTimeout as delay } from "node:timers/promises";
import type { ChatMessage, Donation } from "../../src/live_messages.ts";
import { stateOf } from "../support/requests.ts";

/** A donation, with what is needed to repeat it. */
export interface Given {
  readonly donation: Donation;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the server confirmed, and how often it was requested. */
export class Acknowledged {
  readonly messages = new Map<number, ChatMessage>();
  readonly donations = new Map<number, Given>();
  /** Donations sent, confirmed or not. */
  donationsSent = 0;

  /** Returns descriptions of those that a server lacks or has differently. */
  async missingFrom(origin: string): Promise<string[]> {
    return [...await this.#missingMessages(origin), ...await this.#missingDonations(origin)];
  }

  async #missingMessages(origin: string): Promise<string[]> {
    const kept = new Map<number, ChatMessage>();
    for (let before: number | undefined, more = true; more;) {
      const query = before === undefined ? "" : `?before=${before}`;
      const response = await sendPatiently(`${origin}/chat${query}`);
      const page: { chat: ChatMessage[]; more: boolean } = await response.json();
      for (const message of page.chat) kept.set(message.id, message);
      more = page.more;
      before = page.chat[0]?.id;
    }
    return [...this.messages.values()].filter(({ id, text }) => kept.get(id)?.text !== text)
      .map(({ id, text }) => `message ${id} (${text.slice(-30)})`);
  }

  /** Donations are not listed; one repeated with its key comes back unchanged. */
  async #missingDonations(origin: string): Promise<string[]> {
    const count = async () => (await stateOf({ origin })).donations;
    const before: number = await count();
    const missing: string[] = [];
    for (const [id, { donation, headers, body }] of this.donations) {
      const again = await sendPatiently(`${origin}/donate`, { method: "POST", headers, body });
      const { donation: kept } = await again.json();
      if (JSON.stringify(kept) !== JSON.stringify(donation)) missing.push(`donation ${id}`);
    }
    const after: number = await count();
    if (after !== before) missing.push(`${after - before} donations that came again as new`);
    if (before > this.donationsSent) missing.push(`${before} donations of ${this.donationsSent}`);
    return missing;
  }
}

/** Sends a request, and repeats it whenever the server answers 429. */
async function sendPatiently(url: string, init: RequestInit = {}): Promise<Response> {
  for (;;) {
    const response = await fetch(url, init);
    if (response.ok) return response;
    const text = await response.text();
    if (response.status !== 429) throw new Error(`${url} gave ${response.status}: ${text}`);
    const seconds = Number(response.headers.get("retry-after"));
    await delay(seconds * 1000);
  }
}
