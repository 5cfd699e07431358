import { messageOf } from "../../errors.ts";
import type { ChannelState, ClientMessage, ServerMessage } from "../../live_messages.ts";
import type { Logger } from "../../log/log.ts";
import { studioState } from "../studio_state.ts";
import { NOT_WELCOME } from "../welcome.ts";
import { answer } from "./answer.ts";
import type { Audience } from "./audience.ts";
import { Celebrations } from "./celebrations.ts";
import { channelState } from "./channel_state.ts";
import { hello } from "./hello.ts";
import type { LiveServices } from "./live_services.ts";
import { type LivePeer, LiveSocket } from "./live_socket.ts";

export interface LiveOptions {
  readonly services: LiveServices;
  /** Connections at one time besides studios', in all and from one address. */
  readonly maxSockets: number;
  readonly maxPerAddress: number;
  readonly log: Logger;
  /** Milliseconds of a clock that nobody sets. */
  readonly now?: () => number;
}

/** Connections of one viewer at one time: as many tabs as anyone keeps open. */
const MAX_SOCKETS_OF_ONE = 12;

/** Studios at one time. Their seats are their own: nobody without the token can take one. */
const MAX_STUDIOS = 16;

/** How long the state of the channel is held back after it was sent. Milliseconds. */
const STATE_INTERVAL_MS = 250;

/** How many ticks lie between two of these messages. */
const DELIVERY_TICKS = 2;
const STUDIO_TICKS = 4;

/** How many ticks lie between two looks at who is still here: a minute. */
const PRESENCE_TICKS = 240;

/** Everyone's connections: tells what happens to whom it concerns. */
export class Live implements Audience {
  readonly celebrations: Celebrations;
  readonly #services: LiveServices;
  readonly #maxSockets: number;
  readonly #maxPerAddress: number;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #sockets = new Set<LiveSocket>();
  #sentState: ChannelState;
  #sentStateAt = -Infinity;
  #ticks = 0;
  #failures = 0;

  constructor(options: LiveOptions) {
    const { services, maxSockets, maxPerAddress, log, now = () => performance.now() } = options;
    this.#services = services;
    this.#maxSockets = maxSockets;
    this.#maxPerAddress = maxPerAddress;
    this.#log = log;
    this.#now = now;
    this.#sentState = channelState(services);
    this.celebrations = new Celebrations({
      community: services,
      toAll: (message) => this.toAll(message),
      now,
    });
  }

  /** Connections, those included that are being closed. */
  get count(): number {
    return this.#sockets.size;
  }

  /** Messages that could not be answered, by a fault of ours. */
  get failures(): number {
    return this.#failures;
  }

  /** Whether there is a seat for one more connection of this peer. */
  hasRoomFor({ viewer, capacityKey, isStudio }: LivePeer): boolean {
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
      ofViewer < MAX_SOCKETS_OF_ONE && ofAddress < this.#maxPerAddress;
  }

  /** Takes a connection that is about to open, and greets it once it is. */
  join(socket: WebSocket, peer: LivePeer): void {
    const live = new LiveSocket({
      socket,
      peer,
      onMessage: (message, from) => this.#answer(message, from),
      onEnd: (ended) => {
        this.#sockets.delete(ended);
        if (ended.stream !== null) {
          this.#services.registry.pages.pageLeft(peer.cookie, ended.stream);
        }
      },
      now: this.#now,
    });
    this.#sockets.add(live);
    socket.onopen = () => {
      if (this.#services.moderation.bannedUntil(peer.viewer) !== 0) {
        this.#sendAway(live, NOT_WELCOME, null);
        return;
      }
      live.send(hello(this.#services, peer));
      if (peer.isStudio) live.send({ type: "studio", studio: studioState(this.#services) });
    };
  }

  toAll(message: ServerMessage): void {
    const text = JSON.stringify(message);
    for (const socket of this.#sockets) socket.sendText(text);
  }

  toViewer(viewer: string, message: ServerMessage): void {
    for (const socket of this.#of(viewer)) socket.send(message);
  }

  toOthers(viewer: string, message: ServerMessage): void {
    const text = JSON.stringify(message);
    for (const socket of this.#sockets) {
      if (socket.peer.viewer !== viewer) socket.sendText(text);
    }
  }

  tellYou(viewer: string): void {
    this.toViewer(viewer, { type: "you", you: this.#services.people.of(viewer) });
  }

  /** Tells the page that paints this stream that it was ended; nobody may be there to hear it. */
  kick(viewer: string, stream: string, reason: string): void {
    for (const socket of this.#of(viewer)) {
      if (socket.stream === stream) socket.send({ type: "kicked", reason, until: 0 });
    }
  }

  /** Tells an author's pages what they are taken for now. */
  tellAuthor(author: string): void {
    for (const { peer } of this.#ofAuthor(author)) this.tellYou(peer.viewer);
  }

  /** Ends all connections of an author who may not watch any more. */
  sendAway(author: string, reason: string): void {
    for (const socket of this.#ofAuthor(author)) this.#sendAway(socket, reason, null);
  }

  /** Tells everyone how the channel does, if that changed: at once, or when it was just told. */
  tellState(): void {
    if (this.#now() - this.#sentStateAt < STATE_INTERVAL_MS) return;
    const state = channelState(this.#services);
    if (isSame(state, this.#sentState)) return;
    this.#sentState = state;
    this.#sentStateAt = this.#now();
    this.toAll({ type: "state", state });
  }

  /** To be called four times a second. */
  tick(): void {
    this.#ticks++;
    this.tellState();
    this.celebrations.tick();
    if (this.#ticks % DELIVERY_TICKS === 0) this.#tellDeliveries();
    if (this.#ticks % STUDIO_TICKS === 0) {
      this.#tellStudios();
      for (const socket of this.#sockets) socket.endUnlessOpened();
    }
    if (this.#ticks % PRESENCE_TICKS === 0) this.#keepNames();
  }

  /** Says goodbye to everyone. */
  close(): void {
    this.toAll({ type: "goodbye" });
    for (const socket of this.#sockets) socket.close("The server ends");
  }

  #answer(message: ClientMessage, from: LiveSocket): void {
    try {
      answer(message, from, this.#services, this);
    } catch (error) {
      // One page's message must not end the program.
      this.#failures++;
      this.#log.error(`Cannot answer a ${message.type} message: ${messageOf(error)}`);
      from.send({ type: "error", reason: "Try again: the server could not answer" });
    }
  }

  #of(viewer: string): LiveSocket[] {
    return [...this.#sockets].filter((socket) => socket.peer.viewer === viewer);
  }

  #ofAuthor(author: string): LiveSocket[] {
    const { people } = this.#services;
    return [...this.#sockets].filter(({ peer }) => people.authorOf(peer.viewer) === author);
  }

  #sendAway(socket: LiveSocket, reason: string, until: number | null): void {
    socket.send({ type: "kicked", reason, until });
    socket.close(reason);
  }

  #tellDeliveries(): void {
    for (const socket of this.#sockets) {
      const { stream, peer } = socket;
      if (stream === null) continue;
      const delivery = this.#services.registry.pages.deliveryOf(peer.cookie, stream);
      if (delivery) socket.send({ type: "delivery", stream, delivery });
    }
  }

  /** Nobody may take the name of someone who only watches. */
  #keepNames(): void {
    for (const { peer } of this.#sockets) this.#services.people.stillHere(peer.viewer);
  }

  #tellStudios(): void {
    const studios = [...this.#sockets].filter(({ peer }) => peer.isStudio);
    if (studios.length === 0) return;
    const text = JSON.stringify({ type: "studio", studio: studioState(this.#services) });
    for (const socket of studios) socket.sendText(text);
  }
}

function isSame(one: ChannelState, other: ChannelState): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
