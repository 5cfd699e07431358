import type { Audience } from "../../audience/audience.ts";
import { isSameViewer, type Kickable } from "../../audience/kicks.ts";
import type { Community } from "../../channel/community.ts";
import { explain } from "../../channel/explanation.ts";
import type { ViewerChoices } from "../../consumers/session/choices.ts";
import type { ChannelState, Person } from "../../live_messages.ts";
import type { PagePeer, PageSocket } from "./page_socket.ts";
import type { SocketSet } from "./socket_set.ts";

/** Options of {@linkcode Greeter}. */
export interface GreeterOptions {
  /** The sockets of every page. */
  readonly sockets: SocketSet;
  /** The viewers, what they say and give, and the rules they follow. */
  readonly community: Pick<Community, "chat" | "donations" | "moderation" | "people" | "streamer">;
  /** Knows who was kicked. */
  readonly audience: Pick<Audience, "events" | "kicks">;
  /** What each viewer chose. */
  readonly choices: Pick<ViewerChoices, "get">;
  /** Returns the channel's state. */
  readonly state: () => ChannelState;
  /** A new one at each start, by which a page notices that the server has restarted. */
  readonly instanceId: string;
}

/** Sends each page that connects what it needs to know; disconnects banned and kicked viewers. */
export class Greeter {
  readonly #options: GreeterOptions;

  /** Greets every page that connects from now on. */
  constructor(options: GreeterOptions) {
    this.#options = options;
    const { sockets, audience } = options;
    sockets.events.on("open", (socket) => this.#greet(socket));
    audience.events.on("kick", ({ viewer, until }) => {
      for (const socket of sockets) {
        const { peer } = socket;
        if (!peer.isStudio && isSameViewer(kickable(peer), viewer)) sendAway(socket, until);
      }
    });
  }

  #greet(socket: PageSocket): void {
    const { community, audience, choices, state, instanceId } = this.#options;
    const { chat, donations, moderation } = community;
    const { peer } = socket;
    const { viewer, cookie, isStudio } = peer;
    // Streamers who ban or kick themselves as a viewer keep the studio.
    if (!isStudio) {
      if (moderation.bannedUntil(viewer) !== 0) return sendAway(socket);
      const kickedUntil = audience.kicks.until(kickable(peer));
      if (kickedUntil > 0) return sendAway(socket, kickedUntil);
    }
    socket.send({
      type: "hello",
      instance: instanceId,
      state: state(),
      settings: choices.get(cookie ?? ""),
      you: personAt(peer, community),
      ...chat.newest(),
      support: donations.support(),
    });
  }
}

function kickable({ cookie: id, capacityKey: client, device }: PagePeer): Kickable {
  return { id, client, device };
}

/** Returns whom the chat knows at a page: in a studio, the streamer. */
export function personAt(
  { isStudio, viewer }: PagePeer,
  { people, streamer }: Pick<Community, "people" | "streamer">,
): Person {
  return isStudio ? streamer.person : people.of(viewer);
}

/** Says to a page until when its viewer is kept away, by default for good, and disconnects it. */
export function sendAway(socket: PageSocket, until: number | null = null): void {
  const explanation = explain(until === null ? "banned" : "kicked");
  socket.send({ type: "kicked", ...explanation, until });
  socket.close(explanation.reason);
}
