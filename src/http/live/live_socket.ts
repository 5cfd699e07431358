import { TokenBuckets, type TokenBucketsOptions } from "../../channel/token_bucket.ts";
import type { ClientMessage, ServerMessage } from "../../live_messages.ts";
import { isTooLong, MAX_MESSAGE_BYTES, readClientMessage } from "./client_message.ts";

/** Who is at the other end. */
export interface LivePeer {
  /** The id in the cookie; `null` for a client without one. */
  readonly cookie: string | null;
  /** Whom chat takes them for: the cookie, or a stand-in for the address. */
  readonly viewer: string;
  /** Whose share of sockets and changes it uses; see `Networks.capacityKey`. */
  readonly capacityKey: string;
  /** Whether it is the streamer's: it showed the token as it connected. */
  readonly isStudio: boolean;
}

export interface LiveSocketOptions {
  readonly socket: WebSocket;
  readonly peer: LivePeer;
  readonly onMessage: (message: ClientMessage, socket: LiveSocket) => void;
  /** Called once, when the connection is over. */
  readonly onEnd: (socket: LiveSocket) => void;
  /** Milliseconds of a clock that nobody sets. */
  readonly now: () => number;
}

/** What may wait to be taken by a slow page; who lets more pile up is let go. Bytes. */
const MAX_WAITING_BYTES = 1 << 20;

/**
 * How long a connection may take to open once its handshake was answered. Deno opens none whose client
 * went away before that, as while it waited for its turn, and does not tell of its end. Milliseconds.
 */
const OPENING_MS = 10_000;

/** A page sends some reports a second; this leaves room for a burst after a sleep. */
const MESSAGES = { capacity: 40, refillMs: 50 };

/** How many messages over that, or that cannot be read, are borne with. */
const PATIENCE = { capacity: 60, refillMs: 500 };

/** How often a sender of too much is told so. */
const REMINDERS = { capacity: 1, refillMs: 1000 };

/** WebSocket close codes (RFC 6455 section 7.4.1). */
const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;
const TOO_BIG = 1009;

/** One page's connection: reads its messages within limits and never lets what it is sent pile up. */
export class LiveSocket {
  readonly peer: LivePeer;
  /** The stream that this page said it paints; `null` before it did. */
  stream: string | null = null;
  readonly #socket: WebSocket;
  readonly #messages: Allowance;
  readonly #patience: Allowance;
  readonly #reminders: Allowance;
  readonly #onEnd: (socket: LiveSocket) => void;
  readonly #now: () => number;
  readonly #joinedAt: number;
  #isOver = false;

  constructor({ socket, peer, onMessage, onEnd, now }: LiveSocketOptions) {
    this.peer = peer;
    this.#socket = socket;
    this.#onEnd = onEnd;
    this.#now = now;
    this.#joinedAt = now();
    this.#messages = new Allowance({ ...MESSAGES, now });
    this.#patience = new Allowance({ ...PATIENCE, now });
    this.#reminders = new Allowance({ ...REMINDERS, now });
    socket.onmessage = ({ data }) => {
      const message = this.#isOpen ? this.#read(data) : null;
      if (message) onMessage(message, this);
    };
    socket.onclose = () => this.#end();
    // A broken connection is closed right after; there is nothing to add.
    socket.onerror = (event) => event.preventDefault();
  }

  send(message: ServerMessage): void {
    this.sendText(JSON.stringify(message));
  }

  /** Sends a message that is JSON already, so that one for everybody is made once. */
  sendText(text: string): void {
    if (!this.#isOpen) return;
    if (this.#socket.bufferedAmount > MAX_WAITING_BYTES) {
      this.#close(POLICY_VIOLATION, "Too slow");
    } else this.#socket.send(text);
  }

  /** Ends the connection in order, after what was sent. */
  close(reason: string, code: number = GOING_AWAY): void {
    this.#close(code, reason);
  }

  /** Gives up a connection that has not opened in time. To be called about once a second. */
  endUnlessOpened(): void {
    if (this.#socket.readyState !== WebSocket.CONNECTING) return;
    if (this.#now() - this.#joinedAt < OPENING_MS) return;
    this.#socket.close();
    this.#end();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onEnd(this);
  }

  /** The message in what came; `null` where it is too much or cannot be read, which is told. */
  #read(data: unknown): ClientMessage | null {
    if (!this.#messages.take()) return this.#complain("Send fewer messages: some were left out");
    if (typeof data !== "string") return this.#complain("Send text: binary messages are not read");
    if (isTooLong(data)) {
      this.#close(TOO_BIG, `Send at most ${MAX_MESSAGE_BYTES} bytes`);
      return null;
    }
    return readClientMessage(data) ?? this.#complain("Send a message that is known here");
  }

  #complain(reason: string): null {
    if (!this.#patience.take()) this.#close(POLICY_VIOLATION, "Too many messages");
    else if (this.#reminders.take()) this.send({ type: "error", reason });
    return null;
  }

  #close(code: number, reason: string): void {
    if (this.#isOpen) this.#socket.close(code, reason);
  }

  get #isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }
}

/** How much one sender may. */
class Allowance {
  readonly #buckets: TokenBuckets;

  constructor(options: TokenBucketsOptions) {
    this.#buckets = new TokenBuckets(options);
  }

  /** Whether one more is allowed now. */
  take(): boolean {
    const allowed = this.#buckets.waitOf("") === 0;
    if (allowed) this.#buckets.take("");
    return allowed;
  }
}
