import type { PageReports } from "../../audience/page_reports.ts";
import type { SocketSet } from "./socket_set.ts";

/** The part of the audience that knows which page shows which stream. */
export type ReportedStreams = Pick<PageReports, "deliveryOf" | "pageLeft">;

/** Tells each page that shows a stream how it arrives. */
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

  /** Tells the page that shows this stream, if one does, that the streamer ended it. */
  kick(viewer: string, stream: string, reason: string): void {
    for (const socket of this.#sockets) {
      if (socket.peer.viewer !== viewer || socket.stream !== stream) continue;
      socket.send({ type: "kicked", reason, until: 0 });
    }
  }
}
