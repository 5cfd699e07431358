import type { ChatMessage, Donation } from "../../src/live_messages.ts";

/** A donation, with what is needed to send it once more. */
export interface Given {
  readonly donation: Donation;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the server said that it keeps, and how often it was asked to. */
export class Acknowledged {
  readonly messages = new Map<number, ChatMessage>();
  readonly donations = new Map<number, Given>();
  /** Donations that were sent, answered or not. */
  donationsSent = 0;

  /** Those that a server does not have, or has otherwise, in words. */
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

  /** A donation is not listed; sent once more by its key, it comes back as it was. */
  async #missingDonations(origin: string): Promise<string[]> {
    const count = async () => (await (await fetch(`${origin}/state`)).json()).result.donations;
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

/** Sends a request, once more whenever it is told to come back later. */
async function sendPatiently(url: string, init: RequestInit = {}): Promise<Response> {
  for (;;) {
    const response = await fetch(url, init);
    if (response.ok) return response;
    const text = await response.text();
    if (response.status !== 429) throw new Error(`${url} gave ${response.status}: ${text}`);
    const seconds = Number(response.headers.get("retry-after"));
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}
