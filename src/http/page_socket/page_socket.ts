import { explain } from "../../channel/explanation.ts";
import { TokenBuckets, type TokenBucketsOptions } from "../../channel/token_bucket.ts";
import { type Clock, SYSTEM_CLOCK } from "../../clock.ts";
import type { ClientMessage, Explanation, ServerMessage } from "../../live_messages.ts";
import { isTooLong, MAX_MESSAGE_BYTES, readClientMessage } from "./client_message.ts";

/** The page at the other end of a socket. */
export interface PagePeer {
  /** The id in the viewer's cookie; `null` for a client without one. */
  readonly cookie: string | null;
  /** The viewer as the chat knows them: the cookie, or a stand-in for the address. */
  readonly viewer: string;
  /** Whose share of sockets and changes it uses; see `Networks.capacityKey`. */
  readonly capacityKey: string;
  /** What it is: `Chrome on Android`, `VLC`. */
  readonly device: string;
  /** Whether it is a studio, which sent the streamer's token as it connected. */
  readonly isStudio: boolean;
}

/** The part of a WebSocket that a page socket uses. */
export interface PageTransport {
  /** One of the constants of `WebSocket`. */
  readonly readyState: number;
  /** How much waits to be sent. */
  readonly bufferedAmount: number;
  /** As of a WebSocket; absent where only text can be sent. */
  readonly binaryType?: BinaryType;
  /** Called when it opens. */
  onopen: ((event: Event) => void) | null;
  /** Called with each message from the page. */
  onmessage: ((event: MessageEvent) => void) | null;
  /** Called when the connection is over. */
  onclose: ((event: CloseEvent) => void) | null;
  /** Called when it fails, before `onclose`. */
  onerror: ((event: Event) => void) | null;
  /** Sends a message to the page. */
  send(message: string | Uint8Array<ArrayBuffer>): void;
  /** Ends the connection after what has been sent. */
  close(code?: number, reason?: string): void;
}

/** Options of {@linkcode PageSocket}. */
export interface PageSocketOptions {
  /** About to open. */
  readonly socket: PageTransport;
  /** The page at the other end. */
  readonly peer: PagePeer;
  /** Called when the socket has opened. */
  readonly onOpen?: (socket: PageSocket) => void;
  /** Called with each valid message within the limits. */
  readonly onMessage: (message: ClientMessage, socket: PageSocket) => void;
  /** Called once, when the connection is over. */
  readonly onEnd: (socket: PageSocket) => void;
  /** Default: the system's clock. */
  readonly clock?: Pick<Clock, "monotonic">;
}

/** The most that may wait for a slow page, which is disconnected beyond it. Bytes. */
const MAX_WAITING_BYTES = 1 << 20;

/**
 * How long a socket may take to open after its handshake was answered. If the client went away before
 * that, say while its request was queued, Deno neither opens the socket nor reports its end. Milliseconds.
 */
const OPENING_MS = 10_000;

/** A page sends a few reports a second; this leaves room for a burst after it was asleep. */
const MESSAGES = { capacity: 40, refillMs: 50 };

/** How many excess or unreadable messages are tolerated. */
const TOLERANCE = { capacity: 60, refillMs: 500 };

/** How often a page is warned about them. */
const WARNINGS = { capacity: 1, refillMs: 1000 };

/** WebSocket close codes (RFC 6455 section 7.4.1). */
const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;
const TOO_BIG = 1009;

/** The connection of one page: limits what it may send, and what may wait to be sent to it. */
export class PageSocket {
  /** The page at the other end. */
  readonly peer: PagePeer;
  /** The page's name for the stream that it shows; `null` until it has sent one. */
  stream: string | null = null;
  readonly #socket: PageTransport;
  readonly #messages: Quota;
  readonly #tolerance: Quota;
  readonly #warnings: Quota;
  readonly #onEnd: (socket: PageSocket) => void;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #joinedAt: number;
  #isOver = false;

  /** Takes over the handlers of a WebSocket that is about to open. */
  constructor(options: PageSocketOptions) {
    const { socket, peer, onOpen, onMessage, onEnd, clock = SYSTEM_CLOCK } = options;
    this.peer = peer;
    this.#socket = socket;
    this.#onEnd = onEnd;
    this.#clock = clock;
    this.#joinedAt = clock.monotonic();
    this.#messages = new Quota({ ...MESSAGES, clock });
    this.#tolerance = new Quota({ ...TOLERANCE, clock });
    this.#warnings = new Quota({ ...WARNINGS, clock });
    socket.onopen = () => onOpen?.(this);
    socket.onmessage = ({ data }) => {
      const message = this.#isOpen ? this.#read(data) : null;
      if (message) onMessage(message, this);
    };
    socket.onclose = () => this.#end();
    // A close event follows, which is enough.
    socket.onerror = (event) => event.preventDefault();
  }

  /** Sends a message; does nothing unless the socket is open. */
  send(message: ServerMessage): void {
    this.sendText(JSON.stringify(message));
  }

  /** Sends a message that is JSON already, so that one for many pages is serialized once. */
  sendText(text: string): void {
    this.#send(text);
  }

  /** Whether {@linkcode sendBytes} can be used. */
  get carriesBytes(): boolean {
    return this.#socket.binaryType !== undefined;
  }

  /** Sends a binary message; does nothing unless the socket is open. */
  sendBytes(bytes: Uint8Array<ArrayBuffer>): void {
    this.#send(bytes);
  }

  /** Closes the socket after what has been sent. */
  close(reason: string): void {
    this.#close(GOING_AWAY, reason);
  }

  /** Gives up a socket that has not opened in time; call it about once a second. */
  endUnlessOpened(): void {
    if (this.#socket.readyState !== WebSocket.CONNECTING) return;
    if (this.#clock.monotonic() - this.#joinedAt < OPENING_MS) return;
    this.#socket.close();
    this.#end();
  }

  #send(message: string | Uint8Array<ArrayBuffer>): void {
    if (!this.#isOpen) return;
    if (this.#socket.bufferedAmount > MAX_WAITING_BYTES) {
      this.#close(POLICY_VIOLATION, "Too slow");
    } else this.#socket.send(message);
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onEnd(this);
  }

  /** Returns the message; `null`, with a warning to the page, for an excess or unreadable one. */
  #read(data: unknown): ClientMessage | null {
    if (!this.#messages.take()) return this.#warn(explain("too-many-messages"));
    if (typeof data !== "string") {
      return this.#warn({ reason: "Send text: binary messages are not read" });
    }
    if (isTooLong(data)) {
      this.#close(TOO_BIG, `Send at most ${MAX_MESSAGE_BYTES} bytes`);
      return null;
    }
    return readClientMessage(data) ?? this.#warn({ reason: "Send a message of a known type" });
  }

  #warn(warning: Pick<Explanation, "reason"> & Partial<Explanation>): null {
    if (!this.#tolerance.take()) this.#close(POLICY_VIOLATION, "Too many messages");
    else if (this.#warnings.take()) this.send({ type: "error", ...warning });
    return null;
  }

  #close(code: number, reason: string): void {
    if (this.#isOpen) this.#socket.close(code, reason);
  }

  get #isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }
}

/** Token buckets for one page. */
class Quota {
  readonly #buckets: TokenBuckets;

  constructor(options: TokenBucketsOptions) {
    this.#buckets = new TokenBuckets(options);
  }

  /** Takes a token; returns whether there was one. */
  take(): boolean {
    const allowed = this.#buckets.waitOf("") === 0;
    if (allowed) this.#buckets.take("");
    return allowed;
  }
}
