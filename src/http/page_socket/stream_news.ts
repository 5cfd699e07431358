import type { PageReports } from "../../audience/page_reports.ts";
import type { Session } from "../../consumers/session/session.ts";
import type { SocketSet } from "./socket_set.ts";

/** The part of the audience that knows which page shows which stream. */
export type ReportedStreams = Pick<PageReports, "deliveryOf" | "pageLeft">;

/** Sends each page that shows a stream how it arrives. */
export class StreamNews {
  readonly #sockets: SocketSet;
  readonly #streams: ReportedStreams;

  /** Forgets the stream of every page that disconnects from now on. */
  constructor(sockets: SocketSet, streams: ReportedStreams) {
    this.#sockets = sockets;
    this.#streams = streams;
    sockets.events.on("end", ({ stream, peer }) => {
      if (stream !== null) streams.pageLeft(peer.cookie, stream);
    });
  }

  /** Sends every page the delivery of its stream; call it twice a second. */
  update(): void {
    for (const socket of this.#sockets) {
      const { stream, peer } = socket;
      if (stream === null) continue;
      const delivery = this.#streams.deliveryOf(peer.cookie, stream);
      if (delivery) socket.send({ type: "delivery", stream, delivery });
    }
  }

  /** Says to the page that shows this session, if one does, that the streamer ended it. */
  kick({ id, page }: Pick<Session, "id" | "page">): void {
    if (id === null || page === null) return;
    for (const socket of this.#sockets) {
      if (socket.peer.viewer !== id || socket.stream !== page) continue;
      socket.send({ type: "kicked", reason: "The streamer ended your stream", until: 0 });
    }
  }
}
