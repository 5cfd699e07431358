import { type Clock, SYSTEM_CLOCK } from "../../clock.ts";
import { Emitter } from "../../events.ts";
import type { ClientMessage, ServerMessage } from "../../live_messages.ts";
import { type PagePeer, PageSocket, type PageTransport } from "./page_socket.ts";

/** Options of {@linkcode SocketSet}. */
export interface SocketSetOptions {
  /** The most sockets besides studios', in total and from one address. */
  readonly maxSockets: number;
  /** The most sockets of one address besides studios'. */
  readonly maxPerAddress: number;
  /** Default: the system's clock. */
  readonly clock?: Pick<Clock, "monotonic">;
}

/** Events of {@linkcode SocketSet}. */
export interface SocketEvents {
  /** A socket has opened. */
  readonly open: PageSocket;
  /** A page has sent a valid message. */
  readonly message: { readonly message: ClientMessage; readonly socket: PageSocket };
  /** A connection is over. */
  readonly end: PageSocket;
}

/** The most sockets of one viewer: as many tabs as anyone keeps open. */
const MAX_OF_VIEWER = 12;

/** The most studios. Their seats are reserved: nobody without the token can take one. */
const MAX_STUDIOS = 16;

/** Everyone's page sockets. */
export class SocketSet {
  /** Emits what changes. */
  readonly events: Emitter<SocketEvents> = new Emitter();
  readonly #maxSockets: number;
  readonly #maxPerAddress: number;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #sockets = new Set<PageSocket>();

  /** Begins without sockets. */
  constructor({ maxSockets, maxPerAddress, clock = SYSTEM_CLOCK }: SocketSetOptions) {
    this.#maxSockets = maxSockets;
    this.#maxPerAddress = maxPerAddress;
    this.#clock = clock;
  }

  /** Sockets, including those that are opening or closing. */
  get size(): number {
    return this.#sockets.size;
  }

  /** Returns the sockets, oldest first. */
  [Symbol.iterator](): Iterator<PageSocket> {
    return this.#sockets.values();
  }

  /** Returns whether there is a seat for one more socket of this peer. */
  hasRoomFor({ viewer, capacityKey, isStudio }: PagePeer): boolean {
    let studios = 0, ofViewer = 0, ofAddress = 0;
    for (const { peer } of this.#sockets) {
      if (peer.isStudio) studios++;
      else {
        if (peer.viewer === viewer) ofViewer++;
        if (peer.capacityKey === capacityKey) ofAddress++;
      }
    }
    if (isStudio) return studios < MAX_STUDIOS;
    return this.#sockets.size - studios < this.#maxSockets &&
      ofViewer < MAX_OF_VIEWER && ofAddress < this.#maxPerAddress;
  }

  /** Adds a connection that is about to open. */
  add(socket: PageTransport, peer: PagePeer): void {
    this.#sockets.add(
      new PageSocket({
        socket,
        peer,
        onOpen: (opened) => this.events.emit("open", opened),
        onMessage: (message, from) => this.events.emit("message", { message, socket: from }),
        onEnd: (ended) => {
          this.#sockets.delete(ended);
          this.events.emit("end", ended);
        },
        clock: this.#clock,
      }),
    );
  }

  /** Sends a message to every page, or to those for which `isFor` holds. */
  send(message: ServerMessage, isFor: (peer: PagePeer) => boolean = () => true): void {
    const text = JSON.stringify(message);
    for (const socket of this.#sockets) if (isFor(socket.peer)) socket.sendText(text);
  }

  /** Gives up sockets that have not opened in time; call it about once a second. */
  endUnopened(): void {
    for (const socket of this.#sockets) socket.endUnlessOpened();
  }

  /** Closes every socket. */
  close(): void {
    this.send({ type: "goodbye" });
    for (const socket of this.#sockets) socket.close("The server ends");
  }
}
