import { createHmac } from "node:crypto";
import type { ChannelEvent } from "../channel/event_log.ts";
import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import type { Logger } from "../log/log.ts";
import { sleep } from "./sleep.ts";

/** What the webhook needs of an HTTP client. */
export interface Poster {
  /** Sends a request. Rejects with a reason for people, to follow a colon. */
  request(request: {
    readonly method: string;
    readonly url: URL;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Uint8Array<ArrayBuffer>;
    readonly timeout: number;
  }): Promise<{ readonly status: number; readonly retryAfter: number | null }>;
}

/** Options of {@linkcode Webhook}. */
export interface WebhookOptions {
  /** Where events are posted. */
  readonly url: URL;
  /** Signs them; `null` to leave them unsigned. */
  readonly secret: string | null;
  /** Sends them. */
  readonly client: Poster;
  /** Receives what happens. */
  readonly log: Logger;
  /** Default: the system's clock. */
  readonly clock?: Pick<Clock, "monotonic">;
}

/** The most events that wait; beyond it, the oldest are dropped. */
const MAX_WAITING = 100;

/** How long a server may take to answer. Milliseconds. */
const TIMEOUT_MS = 10_000;

/** The pause after the first failure; each doubles it, up to the longest. Milliseconds. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** An event that cannot be delivered for so long is given up. Milliseconds. */
const PATIENCE_MS = 5 * 60_000;

/** How an attempt ended. */
type Outcome =
  | { readonly result: "done" }
  | { readonly result: "refused"; readonly reason: string }
  | { readonly result: "failed"; readonly reason: string; readonly wait: number };

/** Posts events to a server of the streamer's choice, one after another. */
export class Webhook implements AsyncDisposable {
  readonly #options: Required<WebhookOptions>;
  readonly #waiting: ChannelEvent[] = [];
  readonly #ending = new AbortController();
  #isDelivering = false;
  /** What the log has said last about a failure; `null` while it works. */
  #problem: string | null = null;

  /** Posts nothing yet. */
  constructor(options: WebhookOptions) {
    this.#options = { clock: SYSTEM_CLOCK, ...options };
  }

  /** Posts an event, once those before it are done. */
  post(event: ChannelEvent): void {
    if (this.#hasEnded) return;
    this.#waiting.push(event);
    if (this.#waiting.length > MAX_WAITING) {
      // The first is being delivered.
      const [dropped] = this.#waiting.splice(1, 1);
      this.#options.log.warn("Webhook: too many events wait, the oldest was dropped", {
        type: dropped!.type,
      });
    }
    if (!this.#isDelivering) this.#deliver();
  }

  /** Gives up what waits. A request that is under way is left to itself. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    return Promise.resolve();
  }

  get #hasEnded(): boolean {
    return this.#ending.signal.aborted;
  }

  async #deliver(): Promise<void> {
    this.#isDelivering = true;
    while (this.#waiting.length > 0 && !this.#hasEnded) {
      await this.#deliverOne(this.#waiting[0]!);
      this.#waiting.shift();
    }
    this.#isDelivering = false;
  }

  async #deliverOne(event: ChannelEvent): Promise<void> {
    const { log, clock } = this.#options;
    const giveUpAt = clock.monotonic() + PATIENCE_MS;
    for (let pause = FIRST_PAUSE_MS; !this.#hasEnded; pause *= 2) {
      const outcome = await this.#attempt(event);
      if (this.#hasEnded) return;
      if (outcome.result === "done") {
        if (this.#problem !== null) log.info("Webhook: events are delivered again");
        this.#problem = null;
        return;
      }
      if (outcome.result === "refused") {
        return log.warn(`Webhook: the server refused an event: ${outcome.reason}`, {
          type: event.type,
        });
      }
      if (outcome.reason !== this.#problem) {
        log.warn(`Webhook: events cannot be delivered: ${outcome.reason}`);
        this.#problem = outcome.reason;
      }
      const wait = Math.max(Math.min(pause, LONGEST_PAUSE_MS), outcome.wait);
      if (clock.monotonic() + wait > giveUpAt) {
        return log.warn("Webhook: an event was given up after 5 minutes", { type: event.type });
      }
      await sleep(wait, this.#ending.signal);
    }
  }

  async #attempt(event: ChannelEvent): Promise<Outcome> {
    const { url, secret, client } = this.#options;
    const body = new TextEncoder().encode(JSON.stringify(event));
    const headers = {
      "Content-Type": "application/json",
      "X-Livestream-Id": event.id,
      ...(secret === null ? {} : { "X-Livestream-Signature": sign(body, secret) }),
    };
    try {
      const { status, retryAfter } = await client.request({
        ...{ method: "POST", url, headers, body, timeout: TIMEOUT_MS },
      });
      return judge(status, retryAfter);
    } catch (error) {
      return { result: "failed", reason: (error as Error).message, wait: 0 };
    }
  }
}

/** Returns the signature of a body: its HMAC-SHA-256 in hexadecimal digits. */
export function sign(body: Uint8Array, secret: string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

function judge(status: number, retryAfter: number | null): Outcome {
  if (status >= 200 && status < 300) return { result: "done" };
  const reason = `status ${status}`;
  if (status >= 300 && status < 400) {
    return { result: "refused", reason: `${reason}: redirects are not followed` };
  }
  if (status < 500 && status !== 408 && status !== 429) return { result: "refused", reason };
  return { result: "failed", reason, wait: Math.min((retryAfter ?? 0) * 1000, LONGEST_PAUSE_MS) };
}
