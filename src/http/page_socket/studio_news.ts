import type { StudioState } from "../../live_messages.ts";
import type { SocketSet } from "./socket_set.ts";

/** Sends studios what only the streamer sees. */
export class StudioNews {
  readonly #sockets: SocketSet;
  readonly #studio: () => StudioState;

  /** Sends the state to every studio that connects from now on. */
  constructor(sockets: SocketSet, studio: () => StudioState) {
    this.#sockets = sockets;
    this.#studio = studio;
    sockets.events.on("open", (socket) => {
      if (socket.peer.isStudio) socket.send({ type: "studio", studio: studio() });
    });
  }

  /** Sends it again; call it once a second. */
  update(): void {
    const hasStudio = [...this.#sockets].some(({ peer }) => peer.isStudio);
    if (!hasStudio) return;
    this.#sockets.send({ type: "studio", studio: this.#studio() }, ({ isStudio }) => isStudio);
  }
}
