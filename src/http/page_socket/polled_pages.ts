import { type Clock, SYSTEM_CLOCK } from "../../clock.ts";
import type { PostLimit } from "../post_limit.ts";
import type { PagePeer } from "./page_socket.ts";
import { PolledSocket } from "./polled_socket.ts";
import type { SocketSet } from "./socket_set.ts";

/** What one request of a page without a WebSocket gets. */
export interface Polled {
  /** Messages since its last request, oldest first, each as JSON. */
  readonly messages: readonly string[];
  /** Whether the connection goes on. */
  readonly isOpen: boolean;
}

/** Options of {@linkcode PolledPages}. */
export interface PolledPagesOptions {
  /** The sockets of every page. */
  readonly sockets: SocketSet;
  /** Limits how often one address begins a connection. */
  readonly posts: PostLimit;
  /** Default: the system's clock. */
  readonly clock?: Pick<Clock, "monotonic">;
}

/** A page that sends no request for this long is gone; pages send one every 2 s. Milliseconds. */
const SILENCE_MS = 10_000;

/**
 * The pages that cannot open a WebSocket. Each exchanges messages with the server in requests, all of
 * them with the same key; to everything else, they are sockets like the others.
 */
export class PolledPages {
  readonly #sockets: SocketSet;
  readonly #posts: PostLimit;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #pages = new Map<string, { readonly socket: PolledSocket; heardAt: number }>();

  /** Begins without pages. */
  constructor({ sockets, posts, clock = SYSTEM_CLOCK }: PolledPagesOptions) {
    this.#sockets = sockets;
    this.#posts = posts;
    this.#clock = clock;
  }

  /**
   * Takes a page's messages, each as JSON, and returns those for it. With a key that the server does not
   * know, say because it has restarted, the page is new and gets a greeting.
   *
   * @returns `null` if there is no seat for a new page.
   * @throws {HttpProblem} 429 if pages of the address begin too fast.
   */
  exchange(key: string, peer: PagePeer, messages: readonly string[]): Polled | null {
    // Nobody else can use a key, even if they learn it.
    const id = `${peer.isStudio} ${peer.viewer} ${key}`;
    const page = this.#pages.get(id) ?? this.#join(id, peer);
    if (!page) return null;
    const { socket } = page;
    page.heardAt = this.#clock.monotonic();
    for (const message of messages) socket.receive(message);
    const isOpen = socket.readyState === WebSocket.OPEN;
    if (!isOpen) this.#pages.delete(id);
    return { messages: socket.take(), isOpen };
  }

  /** Disconnects the pages that went away; call it about once a second. */
  endSilent(): void {
    for (const [id, { socket, heardAt }] of this.#pages) {
      if (this.#clock.monotonic() - heardAt < SILENCE_MS) continue;
      this.#pages.delete(id);
      socket.close();
    }
  }

  #join(id: string, peer: PagePeer) {
    if (!this.#sockets.hasRoomFor(peer)) return null;
    // A new page costs a greeting and has a quota of messages of its own.
    if (!peer.isStudio) this.#posts.charge(peer.capacityKey);
    const page = { socket: new PolledSocket(), heardAt: 0 };
    this.#pages.set(id, page);
    this.#sockets.add(page.socket, peer);
    page.socket.open();
    return page;
  }
}
