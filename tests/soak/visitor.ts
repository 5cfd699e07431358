import { messageOf } from "../../src/errors.ts";
import type { ChatMessage } from "../../src/live_messages.ts";
import { LiveClient } from "../support/live_client.ts";
import type { Random } from "../support/random.ts";
import { getRequest, openRaw } from "../support/raw_http.ts";
import { StreamClient, type StreamClientOptions } from "../support/stream_client.ts";
import { until } from "../support/until.ts";
import type { Acknowledged } from "./acknowledged.ts";
import { pause } from "../support/pause.ts";

/** How long the server may take to answer a chat message. */
const ANSWER_MS = 10_000;

/** The server under test, and what all visitors record together. */
export interface Place {
  readonly port: number;
  readonly origin: string;
  readonly acknowledged: Acknowledged;
  /** Counts of events by name. */
  readonly tally: Map<string, number>;
  /** Descriptions of what should not have happened. */
  readonly complaints: string[];
  /** Aborts when everyone must leave. */
  readonly closing: AbortSignal;
}

/** One visitor: an address and, with a browser, a cookie of their own. */
export class Visitor {
  readonly random: Random;
  readonly #place: Place;
  readonly #address: string;
  readonly #client: Deno.HttpClient;
  #cookie: string | null = null;
  /** Unique, even after look-alike letters are folded. */
  readonly #name = `Guest ${crypto.randomUUID().slice(0, 18)}`;
  #said = 0;

  constructor(place: Place, random: Random) {
    this.#place = place;
    this.random = random;
    const byte = () => random.whole(1, 254);
    this.#address = `10.${byte()}.${byte()}.${byte()}`;
    // The visitor's own connections, which end with the visit.
    this.#client = Deno.createHttpClient({});
  }

  get place(): Place {
    return this.#place;
  }

  get isClosing(): boolean {
    return this.#place.closing.aborted;
  }

  /** Headers as a proxy adds them; without these all visitors would share one address. */
  get headers(): Record<string, string> {
    return {
      "x-forwarded-for": this.#address,
      ...(this.#cookie !== null && { cookie: this.#cookie }),
    };
  }

  count(what: string): void {
    const { tally } = this.#place;
    tally.set(what, (tally.get(what) ?? 0) + 1);
  }

  /** Waits about this long, or until everyone must leave. Milliseconds. */
  async pause(low: number, high: number): Promise<void> {
    await pause(this.random.whole(low, high), this.#place.closing);
  }

  /** Sends a request. Records a complaint for any response except success and 429. */
  async send(path: string, init: RequestInit = {}): Promise<{ status: number; body: string }> {
    const response = await fetch(this.#place.origin + path, {
      redirect: "manual",
      client: this.#client,
      ...init,
      headers: { ...this.headers, ...init.headers as Record<string, string> },
    } as RequestInit);
    const body = await response.text();
    const { status } = response;
    this.count(`${init.method ?? "GET"} ${path.split("?")[0]} ${status}`);
    // `/healthz` answers 503 while the camera is away.
    const isFine = status < 400 || status === 429 || path === "/healthz" && status === 503;
    if (!isFine) this.#complain(`${path} gave ${status}: ${body.slice(0, 200)}`);
    const [cookie] = response.headers.get("set-cookie")?.split(";") ?? [];
    if (cookie) this.#cookie ??= cookie;
    return { status, body };
  }

  sendJson(path: string, fields: object, headers: Record<string, string> = {}) {
    const body = JSON.stringify(fields);
    return this.send(path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
    });
  }

  async openStream(
    path: string,
    options: Partial<StreamClientOptions> = {},
  ): Promise<StreamClient> {
    this.count("stream opened");
    const url = this.#place.origin + path;
    // A test cannot afford to keep the frames of all visitors.
    return await StreamClient.open(url, { headers: this.headers, onFrame: () => {}, ...options });
  }

  /**
   * Requests a stream and reads nothing.
   *
   * @param share How much of the request is sent, from 0 to 1.
   */
  async openRaw(path: string, share = 1): Promise<Deno.TcpConn> {
    const { port } = this.#place;
    this.count("stream opened");
    const request = getRequest(path, { host: `127.0.0.1:${port}`, ...this.headers });
    return await openRaw(this.#place, request.slice(0, share * request.length));
  }

  /** @param token The streamer's, for a studio's connection. */
  async openLive(token?: string): Promise<LiveClient> {
    this.count("live opened");
    return await LiveClient.open(this.#place, this.headers, token);
  }

  /** Returns a unique chat message. */
  words(): { readonly key: string; readonly text: string; readonly name: string } {
    const key = `${this.#address} ${++this.#said}`;
    const ornament = this.random.pick(["hello", "schön 🎥", "<b>bold</b>", "a ".repeat(100)]);
    return { key, text: `${ornament} ${key}`, name: this.#name };
  }

  /** Posts a message over the page socket. */
  async say(live: LiveClient): Promise<void> {
    const { key, text, name } = this.words();
    live.send({ type: "chat", key, text, name });
    const from = live.received.length;
    const answerIn = () => live.received.slice(from).find((it) => "key" in it && it.key === key);
    try {
      const answer = await until("an answer", answerIn, Boolean, { timeout: ANSWER_MS, every: 20 });
      if (answer?.type === "chat") this.#confirm(answer.message);
      // The rate limit applied, which is also an answer.
      else if (answer?.type === "refused") this.count("chat refused");
    } catch (error) {
      const came = live.received.slice(from).map(({ type }) => type);
      this.#complain(`${messageOf(error)}, but ${came.slice(-5)}`);
    }
  }

  /** Posts a message as a form does. */
  async post(): Promise<void> {
    const { status, body } = await this.sendJson("/chat", this.words());
    if (status === 200) this.#confirm(JSON.parse(body).message);
  }

  async donate(): Promise<void> {
    const { acknowledged } = this.#place;
    const { key, name } = this.words();
    const gift = { key, name, amount: this.random.whole(1, 5000) / 100, message: `For ${key}` };
    const headers = { "content-type": "application/json", ...this.headers };
    acknowledged.donationsSent++;
    const { status, body } = await this.sendJson("/donate", gift);
    if (status !== 200) return;
    const { donation } = JSON.parse(body);
    acknowledged.donations.set(donation.id, { donation, headers, body: JSON.stringify(gift) });
    this.count("donated");
  }

  #confirm(message: ChatMessage): void {
    this.#place.acknowledged.messages.set(message.id, message);
    this.count("said");
  }

  #complain(complaint: string): void {
    this.#place.complaints.push(complaint);
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }
}
