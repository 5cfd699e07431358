import { type Message, readMessage } from "../../src/discovery/message.ts";
import type { Network } from "../../src/discovery/network.ts";
import { Responder } from "../../src/discovery/responder.ts";
import type { Peer } from "../../src/discovery/transport.ts";
import { FakeTime } from "../support/fake_time.ts";

/** A responder on a link, and what it said. */
export interface Machine {
  readonly address: string;
  readonly responder: Responder;
  /** The names it had, in their order. */
  readonly hosts: (string | null)[];
}

/** What was sent on a link. */
export interface Sent {
  readonly at: number;
  readonly by: string;
  /** `null` for a multicast. */
  readonly to: Peer | null;
  readonly message: Message;
}

/** Responders that hear each other and themselves, without sockets, in fake time. */
export class FakeLink implements Disposable {
  readonly time = new FakeTime();
  readonly sent: Sent[] = [];
  readonly #listeners: ((bytes: Uint8Array, from: Peer) => void)[] = [];

  /** Adds a machine with this address, which announces a service of this title. */
  add(address: string, title = "Party", random = Math.random): Machine {
    const network: Network = { cidr: `${address}/24`, addresses: [address] };
    const hosts: (string | null)[] = [];
    const from = { hostname: address, port: 5353 };
    const note = (bytes: Uint8Array, to: Peer | null) =>
      this.sent.push({ at: this.time.now, by: address, to, message: readMessage(bytes)! });
    const responder = new Responder({
      transport: {
        multicast: (_network, bytes) => {
          note(bytes, null);
          this.say(bytes, from);
        },
        unicast: (_network, bytes, to) => void note(bytes, to),
      },
      clock: { monotonic: () => this.time.now },
      random,
      onHost: (host) => hosts.push(host),
    });
    this.#listeners.push((bytes, sender) => responder.receive(network, bytes, sender));
    responder.announce({ title, port: 8081, isSecure: false, path: "/" });
    responder.moveTo([network]);
    return { address, responder, hosts };
  }

  /** Delivers a message to all machines. */
  say(bytes: Uint8Array, from: Peer = { hostname: "10.0.0.99", port: 5353 }): void {
    for (const listener of this.#listeners) listener(bytes, from);
  }

  /** Returns what was sent since, and lets this time pass before. */
  during(milliseconds: number): Sent[] {
    const from = this.sent.length;
    this.time.tick(milliseconds);
    return this.sent.slice(from);
  }

  [Symbol.dispose](): void {
    this.time[Symbol.dispose]();
  }
}
