/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

/** The thread that answers multicast DNS: it may use the network, and nothing else. */
import { SYSTEM_CLOCK } from "../clock.ts";
import type { Network } from "./network.ts";
import { Responder } from "./responder.ts";
import type { Service } from "./service.ts";
import { MulticastSockets } from "./sockets.ts";

/** What the main thread sends. */
export type DiscoveryRequest =
  | { readonly type: "announce"; readonly service: Service }
  | { readonly type: "move"; readonly networks: readonly Network[] }
  | { readonly type: "close" };

/** What the worker sends. */
export type DiscoveryReport =
  | {
    readonly type: "host";
    /** The name of the machine in the networks; `null` if it has none. */
    readonly host: string | null;
  }
  | {
    readonly type: "problem";
    /** For people, to follow a colon. */
    readonly reason: string;
  }
  | { readonly type: "closed" };

/** How long the last messages may take to leave. Milliseconds. */
const FAREWELL_MS = 50;

const report = (message: DiscoveryReport) => self.postMessage(message);

const sockets = new MulticastSockets({
  onMessage: (network, bytes, from) => responder.receive(network, bytes, from),
  onProblem: (reason) => report({ type: "problem", reason }),
});
const responder = new Responder({
  transport: sockets,
  clock: SYSTEM_CLOCK,
  onHost: (host) => report({ type: "host", host }),
});

async function carryOut(request: DiscoveryRequest): Promise<void> {
  switch (request.type) {
    case "announce":
      return responder.announce(request.service);
    case "move":
      return responder.moveTo(await sockets.join(request.networks));
    case "close":
      responder.close();
      setTimeout(() => {
        sockets.close();
        report({ type: "closed" });
      }, FAREWELL_MS);
  }
}

let done = Promise.resolve();
self.onmessage = ({ data }: MessageEvent<DiscoveryRequest>) => {
  done = done.then(() => carryOut(data));
};
