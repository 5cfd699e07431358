import type { SoundControl } from "../../channel/sound_control.ts";
import type { StudioHistory } from "../../channel/studio_history.ts";
import type { ServerMessage, StudioState } from "../../live_messages.ts";
import type { SocketSet } from "./socket_set.ts";

/** Options of {@linkcode StudioNews}. */
export interface StudioNewsOptions {
  /** The sockets of every page. */
  readonly sockets: SocketSet;
  /** Returns what only the streamer sees. */
  readonly studio: () => StudioState;
  /** What the studio plots. */
  readonly history: Pick<StudioHistory, "samples">;
  /** Says how loud the source of sound is, while a studio shows it. */
  readonly sound: Pick<SoundControl, "events" | "isMetered">;
}

/** Sends studios what only the streamer sees. */
export class StudioNews {
  readonly #sockets: SocketSet;
  readonly #studio: () => StudioState;

  /**
   * Sends the last ten minutes and the state to every studio that connects from now on, and levels as they
   * come.
   */
  constructor({ sockets, studio, history, sound }: StudioNewsOptions) {
    this.#sockets = sockets;
    this.#studio = studio;
    sockets.events.on("open", (socket) => {
      if (!socket.peer.isStudio) return;
      socket.send({ type: "history", samples: history.samples });
      socket.send({ type: "studio", studio: studio() });
      sound.isMetered = true;
    });
    sockets.events.on("end", () => sound.isMetered = this.#hasStudio);
    sound.events.on("level", (level) => this.#send(() => ({ type: "level", level })));
  }

  /** Sends it again; call it once a second. */
  update(): void {
    this.#send(() => ({ type: "studio", studio: this.#studio() }));
  }

  /** Sends studios a message, which is made only if there are any. */
  #send(message: () => ServerMessage): void {
    if (this.#hasStudio) this.#sockets.send(message(), ({ isStudio }) => isStudio);
  }

  get #hasStudio(): boolean {
    return [...this.#sockets].some(({ peer }) => peer.isStudio);
  }
}
