import type { Community } from "../../channel/community.ts";
import type { ViewerChoices } from "../../consumers/session/choices.ts";
import type { ChannelState } from "../../live_messages.ts";
import { NOT_WELCOME } from "../welcome.ts";
import type { PageSocket } from "./page_socket.ts";
import type { SocketSet } from "./socket_set.ts";

/** Options of {@linkcode Greeter}. */
export interface GreeterOptions {
  /** The sockets of every page. */
  readonly sockets: SocketSet;
  /** The viewers, what they say and give, and the rules they follow. */
  readonly community: Pick<Community, "chat" | "donations" | "moderation" | "people">;
  /** What each viewer chose. */
  readonly choices: Pick<ViewerChoices, "get">;
  /** Returns the channel's state. */
  readonly state: () => ChannelState;
  /** A new one at each start, by which a page notices that the server has restarted. */
  readonly instanceId: string;
}

/** Sends each page that connects what it needs to know; disconnects banned viewers. */
export class Greeter {
  readonly #options: GreeterOptions;

  /** Greets every page that connects from now on. */
  constructor(options: GreeterOptions) {
    this.#options = options;
    options.sockets.events.on("open", (socket) => this.#greet(socket));
  }

  #greet(socket: PageSocket): void {
    const { community, choices, state, instanceId } = this.#options;
    const { chat, donations, moderation, people } = community;
    const { viewer, cookie } = socket.peer;
    if (moderation.bannedUntil(viewer) !== 0) return sendAway(socket);
    socket.send({
      type: "hello",
      instance: instanceId,
      state: state(),
      settings: choices.get(cookie ?? ""),
      you: people.of(viewer),
      ...chat.newest(),
      supporters: donations.supporters(),
    });
  }
}

/** Sends a page that its viewer is banned, and disconnects it. */
export function sendAway(socket: PageSocket): void {
  socket.send({ type: "kicked", reason: NOT_WELCOME, until: null });
  socket.close(NOT_WELCOME);
}
