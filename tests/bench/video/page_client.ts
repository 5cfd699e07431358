import { pictureSize } from "../../../src/media/jpeg/size.ts";
import { boundaryOf, MultipartReader, type Part } from "../../../static/js/multipart_reader.js";
import { PaintedReporter } from "../../../static/js/painted_reporter.js";
import { LiveClient } from "../../support/live_client.ts";
import { pause } from "../../support/pause.ts";
import { newCookie } from "../../support/requests.ts";

/** A page connects again after a moment. Milliseconds. */
const RETRY_MS = 500;

/** What a session asks for. */
export type Codec = "auto" | "jpeg" | "h264";

/** A frame that a page would have shown, as it arrived. */
export interface ShownFrame {
  /** Milliseconds since the session began. */
  readonly at: number;
  /** Milliseconds from the camera. */
  readonly age: number;
  readonly codec: "jpeg" | "h264";
  /** Pixels. */
  readonly width: number;
  /** Of the part, padding included. */
  readonly bytes: number;
}

export interface PageClientOptions {
  /** `http://127.0.0.1:8081`. */
  readonly origin: string;
  readonly codec: Codec;
  readonly seconds: number;
  /** Called with each frame that a page would show. */
  readonly onShown: (frame: ShownFrame) => void;
  /** Milliseconds since the Unix epoch from which `at` counts. Default: the call. */
  readonly since?: number;
}

/**
 * Watches as a page that plays H.264 does: acknowledges over the page socket, shows no delta whose predecessor
 * is missing, and connects again when the server ends the stream. Decoding takes no time.
 *
 * @returns How often the server ended the stream.
 */
export async function watchAsPage(options: PageClientOptions): Promise<number> {
  const { origin, seconds, since = Date.now() } = options;
  const cookie = newCookie();
  const over = AbortSignal.timeout(seconds * 1000);
  let cuts = 0;
  while (!over.aborted) {
    await using socket = await LiveClient.open({ origin }, { ...cookie, origin });
    try {
      await watchOnce({ ...options, since }, cookie, socket, over);
    } catch (error) {
      if (!(error instanceof TypeError) && !over.aborted) throw error;
    }
    if (over.aborted) break;
    cuts++;
    await pause(RETRY_MS, over);
  }
  return cuts;
}

/** @throws {TypeError} The server cut the connection. */
async function watchOnce(
  { origin, codec, onShown, since }: Required<PageClientOptions>,
  cookie: { readonly cookie: string },
  socket: LiveClient,
  signal: AbortSignal,
): Promise<void> {
  const name = crypto.randomUUID().replaceAll("-", "");
  const video = codec === "jpeg" ? "" : `&video=h264&codec=${codec}`;
  const url = `${origin}/stream?live=${name}${video}`;
  const response = await fetch(url, { headers: cookie, signal });
  if (!response.ok) throw new Error(`The stream was refused: ${await response.text()}`);
  const boundary = boundaryOf(response.headers.get("content-type")!)!;
  const reader = new MultipartReader({ boundary });
  const reporter = new PaintedReporter({ send: (message) => socket.send(message) });
  const chain = new Chain();
  try {
    for await (const chunk of response.body!) {
      // While chunks wait to be read, Deno goes on giving them.
      if (signal.aborted) return;
      for (const part of reader.push(chunk)) {
        const shown = chain.take(part);
        if (!shown) continue;
        const now = Date.now();
        const { headers, body } = part;
        const sequence = Number(headers.get("x-sequence"));
        const received = { sequence, at: performance.timeOrigin + performance.now() };
        reporter.painted(name, sequence, received);
        const age = now - Number(headers.get("x-timestamp")) * 1000;
        onShown({ at: now - since, age, bytes: body.length, ...shown });
      }
    }
  } finally {
    reporter.stop();
  }
}

/** Follows which packets can be decoded. */
class Chain {
  /** That of the packet decoded last; `null` until there was a key packet. */
  #index: number | null = null;
  #width = 0;

  /** Returns what a page shows of the part; `null` for nothing. */
  take(part: Part): Pick<ShownFrame, "codec" | "width"> | null {
    const { headers, body } = part;
    if (headers.get("content-type") !== "video/h264") {
      this.#index = null;
      return { codec: "jpeg", width: pictureSize(body)?.width ?? 0 };
    }
    const index = Number(headers.get("x-index"));
    const size = headers.get("x-size");
    if (size) this.#width = Number(size.split("x")[0]);
    else if (this.#index === null || index !== this.#index + 1) {
      this.#index = null;
      return null;
    }
    this.#index = index;
    return { codec: "h264", width: this.#width };
  }
}
