import type { Listening } from "../../audience/listening.ts";
import type { Replays } from "../../audience/replays.ts";
import { explain } from "../../channel/explanation.ts";
import type { ListedSession } from "../../channel/studio_state.ts";
import type { HeardReport } from "../../consumers/sound/page_listener.ts";
import type { PageSound } from "../../consumers/sound/page_sound.ts";
import type { Hearing } from "../../live_messages.ts";
import type { PageSocket } from "./page_socket.ts";
import type { SocketSet } from "./socket_set.ts";

/** The pages that listen: joins page sockets with the sound, live or of the past as their picture is. */
export class ListeningPages {
  readonly #sound: PageSound<PageSocket>;
  readonly #replays: Pick<Replays, "soundOf"> | null;

  /** Ends the sound of every page that disconnects from now on. */
  constructor(
    sockets: SocketSet,
    sound: PageSound<PageSocket>,
    replays: Pick<Replays, "soundOf"> | null,
  ) {
    this.#sound = sound;
    this.#replays = replays;
    sockets.events.on("end", (socket) => sound.leave(socket));
  }

  /** Gives a page the sound from now on, or no longer. */
  listen(socket: PageSocket, isOn: boolean): void {
    if (!isOn) this.#sound.leave(socket);
    else if (socket.carriesBytes) {
      this.#sound.join(socket);
      this.follow(socket);
    } else socket.send({ type: "error", ...explain("sound-needs-socket") });
  }

  /** Gives a page that listens the sound of the stream that it shows now. */
  follow(socket: PageSocket): void {
    const { stream, peer } = socket;
    const replayed = stream === null ? null : this.#replays?.soundOf(peer.cookie, stream);
    this.#sound.follow(socket, replayed ?? null);
  }

  /** Takes a page's report. */
  heard(socket: PageSocket, report: HeardReport): void {
    this.#sound.heard(socket, report);
  }

  /** Yields what every page that listens gets now. */
  *listening(): Generator<Listening, void, void> {
    for (const socket of this.#sound.pages) {
      // Its session of the past may have ended.
      this.follow(socket);
      const { peer, stream } = socket;
      yield { viewer: peer.cookie, stream, bits: this.#sound.bitsOf(socket) };
    }
  }

  /** Returns how the page of a session hears; `null` while it does not listen. */
  hearingOf({ id, page }: Pick<ListedSession, "id" | "page">): Hearing | null {
    if (page === null) return null;
    for (const socket of this.#sound.pages) {
      if (socket.stream === page && socket.peer.cookie === id) return this.#sound.hearingOf(socket);
    }
    return null;
  }
}
