import type { PageReports } from "../../audience/page_reports.ts";
import type { SocketSet } from "./socket_set.ts";

/** The part of the audience that knows which page shows which stream. */
export type ReportedStreams = Pick<PageReports, "deliveryOf" | "pageLeft">;

/** Sends each page that shows a stream how it arrives. */
export class StreamNews {
  readonly #sockets: SocketSet;
  readonly #streams: ReportedStreams;
  readonly #motion: () => number | null;

  /**
   * Forgets the stream of every page that disconnects from now on.
   *
   * @param motion Returns the intensity of the newest motion; `null` while it is not measured.
   */
  constructor(sockets: SocketSet, streams: ReportedStreams, motion: () => number | null) {
    this.#sockets = sockets;
    this.#streams = streams;
    this.#motion = motion;
    sockets.events.on("end", ({ stream, peer }) => {
      if (stream !== null) streams.pageLeft(peer.cookie, stream);
    });
  }

  /** Sends every page the delivery of its stream; call it twice a second. */
  update(): void {
    const motion = this.#motion();
    for (const socket of this.#sockets) {
      const { stream, peer } = socket;
      if (stream === null) continue;
      const delivery = this.#streams.deliveryOf(peer.cookie, stream);
      if (delivery) socket.send({ type: "delivery", stream, delivery, motion });
    }
  }
}
