import type { StudioHistory } from "../../channel/studio_history.ts";
import type { StudioState } from "../../live_messages.ts";
import type { SocketSet } from "./socket_set.ts";

/** Sends studios what only the streamer sees. */
export class StudioNews {
  readonly #sockets: SocketSet;
  readonly #studio: () => StudioState;

  /** Sends the last ten minutes and the state to every studio that connects from now on. */
  constructor(
    sockets: SocketSet,
    studio: () => StudioState,
    history: Pick<StudioHistory, "samples">,
  ) {
    this.#sockets = sockets;
    this.#studio = studio;
    sockets.events.on("open", (socket) => {
      if (!socket.peer.isStudio) return;
      socket.send({ type: "history", samples: history.samples });
      socket.send({ type: "studio", studio: studio() });
    });
  }

  /** Sends it again; call it once a second. */
  update(): void {
    const hasStudio = [...this.#sockets].some(({ peer }) => peer.isStudio);
    if (!hasStudio) return;
    this.#sockets.send({ type: "studio", studio: this.#studio() }, ({ isStudio }) => isStudio);
  }
}
