import type { Community } from "../../channel/community.ts";
import { personAt, sendAway } from "./greeter.ts";
import type { PagePeer } from "./page_socket.ts";
import type { SocketSet } from "./socket_set.ts";

/** The parts of the community whose changes pages show. */
export type NewsSources = Pick<
  Community,
  "celebrations" | "chat" | "donations" | "moderation" | "people" | "reactions" | "streamer"
>;

/** Sends pages what happens in the community. */
export class CommunityNews {
  readonly #sockets: SocketSet;
  readonly #community: NewsSources;
  readonly #authors = new WeakMap<PagePeer, string>();

  /** Sends pages what happens from now on. */
  constructor(sockets: SocketSet, community: NewsSources) {
    this.#sockets = sockets;
    this.#community = community;
    const { celebrations, chat, donations, moderation, people } = community;
    chat.events.on("message", ({ message, key }) => {
      // Only its author's pages learn the key.
      const isOwn = (peer: PagePeer) => this.#authorOf(peer) === message.author;
      sockets.send({ type: "chat", message }, (peer) => !isOwn(peer));
      sockets.send({ type: "chat", message, key }, isOwn);
    });
    chat.events.on("delete", (ids) => sockets.send({ type: "deleted", ids }));
    donations.events.on("donation", ({ message, author }) => {
      if (author !== null) sockets.send({ type: "standing", author, supporter: true });
      sockets.send({ type: "chat", message });
    });
    donations.events.on("remove", ({ author }) => {
      sockets.send({ type: "standing", author, supporter: false });
    });
    donations.events.on("removeDonation", ({ author, isSupporter }) => {
      if (author !== null && !isSupporter) {
        sockets.send({ type: "standing", author, supporter: false });
      }
    });
    people.events.on("change", ({ author }) => this.#update(author));
    moderation.events.on("ban", ({ author, upTo }) => {
      if (upTo > 0) sockets.send({ type: "purged", author, upTo });
    });
    celebrations.events.on("show", (shown) => sockets.send({ type: "donation", ...shown }));
    celebrations.events.on("list", (list) => sockets.send({ type: "supporters", ...list }));
  }

  /** Sends how viewers have reacted since the last call, if any did; call it four times a second. */
  update(): void {
    const counts = this.#community.reactions.take();
    if (counts) this.#sockets.send({ type: "reactions", counts });
  }

  /** Sends an author's pages their standing; disconnects those of a banned one. */
  #update(author: string): void {
    const { moderation } = this.#community;
    for (const socket of this.#sockets) {
      const { peer } = socket;
      if (this.#authorOf(peer) !== author) continue;
      if (moderation.bannedUntil(peer.viewer) !== 0) sendAway(socket);
      else socket.send({ type: "you", you: personAt(peer, this.#community) });
    }
  }

  /** Returns the author behind a socket: the streamer in a studio. For a viewer it is derived once for each, as that takes a hash. */
  #authorOf(peer: PagePeer): string {
    if (peer.isStudio) return this.#community.streamer.author;
    const known = this.#authors.get(peer);
    if (known !== undefined) return known;
    const author = this.#community.people.authorOf(peer.viewer);
    this.#authors.set(peer, author);
    return author;
  }
}
