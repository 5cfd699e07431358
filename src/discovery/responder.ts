import type { Clock } from "../clock.ts";
import {
  compareRecords,
  isSameName,
  keyOf,
  type Message,
  readMessage,
  type ResourceRecord,
  writeMessage,
} from "./message.ts";
import type { Network } from "./network.ts";
import { OwnMessages } from "./own_messages.ts";
import { Replies } from "./replies.ts";
import { type NameNumbers, type Service, ServiceRecords } from "./service.ts";
import { Timers } from "./timers.ts";
import { MDNS_PORT, type Peer, type Transport } from "./transport.ts";

/** Options of {@linkcode Responder}. */
export interface ResponderOptions {
  /** Sends messages. */
  readonly transport: Transport;
  /** Receives the machine's name, `livestream.local`, once nobody else has it; `null` if it has none. */
  readonly onHost: (host: string | null) => void;
  /** Says when something happened. */
  readonly clock: Pick<Clock, "monotonic">;
  /** Returns a number from 0 to less than 1. Default: `Math.random`. */
  readonly random?: () => number;
}

/** Whether names are still asked for, or are this machine's. */
type Phase = "idle" | "probing" | "announced";

/** How often to ask whether somebody has a name, and how long to wait for answers (RFC 6762 section 8.1). */
const PROBES = 3;
const PROBE_MS = 250;

/** How long to wait after another machine won a name that both wanted. Milliseconds. */
const LOST_MS = 1000;

/** After so many conflicts within ten seconds, wait longer before each probe (section 8.1). */
const MANY_CONFLICTS = 15;
const CONFLICT_MEMORY_MS = 10_000;
const CALM_MS = 5000;

/** When to announce, after the names are this machine's. Milliseconds. */
const ANNOUNCED_AFTER = [0, 1000, 3000];

/** How long after another one took back a record of this machine to announce it again. Milliseconds. */
const RESCUE_MS = 500;

/**
 * Gives a machine and its service a name in the local networks, by multicast DNS (RFC 6762) and DNS-based
 * service discovery (RFC 6763). A name that somebody else has gets a number.
 */
export class Responder {
  readonly #options: ResponderOptions;
  readonly #random: () => number;
  readonly #own: OwnMessages;
  readonly #replies: Replies;
  readonly #timers = new Timers();
  readonly #rescues = new Timers();
  #service: Service | null = null;
  #networks: readonly Network[] = [];
  #records = new Map<Network, ServiceRecords>();
  #numbers: NameNumbers = { host: 1, instance: 1 };
  #phase: Phase = "idle";
  #host: string | null = null;
  #conflicts: number[] = [];
  /** Whether there were so many conflicts that somebody may want to keep this machine busy. */
  #isSlow = false;

  /** Creates one that announces nothing yet. */
  constructor(options: ResponderOptions) {
    this.#options = options;
    const { clock, random = Math.random } = options;
    this.#random = random;
    this.#own = new OwnMessages(options.transport, clock);
    this.#replies = new Replies({ transport: this.#own, clock, random });
  }

  /** Announces a service instead of the one before. */
  announce(service: Service): void {
    this.#takeBack();
    if (service.title !== this.#service?.title) this.#numbers = { ...this.#numbers, instance: 1 };
    this.#service = service;
    this.#begin();
  }

  /** Announces in these networks instead of those before. */
  moveTo(networks: readonly Network[]): void {
    this.#networks = networks;
    this.#begin();
  }

  /** Takes back everything that was announced, and ends. */
  close(): void {
    this.#takeBack();
    this.#stop();
  }

  /** Takes a message that came from a network. Anyone can send anything. */
  receive(network: Network, bytes: Uint8Array, from: Peer): void {
    const records = this.#records.get(network);
    if (records === undefined || this.#own.has(bytes)) return;
    const message = readMessage(bytes);
    if (message === null) return;
    if (!message.isResponse) {
      if (this.#phase === "announced") this.#replies.answer(message, network, from, records);
      else this.#compete(message, records);
    } else if (from.port === MDNS_PORT) this.#hear(message, records);
  }

  #begin(): void {
    this.#stop();
    if (this.#service === null || this.#networks.length === 0) return this.#setHost(null);
    this.#probe();
  }

  #stop(): void {
    this.#phase = "idle";
    this.#records.clear();
    for (const part of [this.#timers, this.#rescues]) part.clear();
    this.#replies.reset();
  }

  /** Asks whether somebody has the names. */
  #probe(least = 0): void {
    this.#stop();
    this.#phase = "probing";
    this.#records = new Map(
      this.#networks.map((network) => [
        network,
        new ServiceRecords(this.#service!, this.#numbers, network.addresses),
      ]),
    );
    const first = least + PROBE_MS * this.#random();
    for (let index = 0; index < PROBES; index++) {
      this.#timers.after(first + index * PROBE_MS, () => this.#sendProbe());
    }
    this.#timers.after(first + PROBES * PROBE_MS, () => this.#take());
  }

  #sendProbe(): void {
    for (const [network, { host, instance, unique }] of this.#records) {
      // Not by unicast: of several programs on the port, the answer might reach another (section 15.1).
      const questions = [host, instance].map((name) => ({
        name,
        type: "ANY",
        wantsUnicast: false,
      }));
      const authorities = unique.map((record) => ({ ...record, isUnique: false }));
      this.#own.multicast(network, writeMessage({ questions, authorities }));
    }
  }

  /** Takes the names: nobody has answered. */
  #take(): void {
    this.#phase = "announced";
    this.#isSlow = false;
    for (const delay of ANNOUNCED_AFTER) {
      if (delay === 0) this.#announceAll();
      else this.#timers.after(delay, () => this.#announceAll());
    }
    const [{ host }] = [...this.#records.values()] as [ServiceRecords];
    this.#setHost(host);
  }

  #announceAll(): void {
    for (const [network, { all }] of this.#records) this.#replies.announce(network, all);
  }

  /** Says that what was announced is no more. */
  #takeBack(): void {
    if (this.#phase !== "announced") return;
    for (const [network, { shared, unique }] of this.#records) {
      // Others may have a service of the same type, so that its type stays.
      const answers = [...shared.slice(0, 1), ...unique].map((record) => ({ ...record, ttl: 0 }));
      this.#replies.announce(network, answers);
    }
  }

  /** Decides who gets a name for which another machine probes too: the later records win (section 8.2). */
  #compete({ authorities }: Message, { host, instance, unique }: ServiceRecords): void {
    if (this.#phase !== "probing" || authorities.length === 0) return;
    for (const name of [host, instance]) {
      const [ours, theirs] = [unique, authorities].map((records) =>
        records.filter((record) => isSameName(record.name, name))
      ) as [ResourceRecord[], ResourceRecord[]];
      if (theirs.length > 0 && compareRecords(theirs, ours) > 0) return this.#probe(LOST_MS);
    }
  }

  /** Looks for records of others that contradict ours. */
  #hear({ answers, additionals }: Message, records: ServiceRecords): void {
    const own = new Map(records.unique.map((record) => [keyOf(record), record]));
    for (const heard of [...answers, ...additionals]) {
      const same = own.get(keyOf(heard));
      if (same !== undefined) {
        if (heard.ttl < same.ttl / 2) this.#rescue();
        continue;
      }
      if (heard.ttl === 0 || !CLAIMING_TYPES.includes(heard.type)) continue;
      if (isSameName(heard.name, records.host)) return this.#conflict("host");
      if (isSameName(heard.name, records.instance)) return this.#conflict("instance");
    }
  }

  /** Announces once more: a program on this machine that has the same name took it back (section 10.1). */
  #rescue(): void {
    if (this.#phase !== "announced" || this.#rescues.size > 0) return;
    this.#rescues.after(RESCUE_MS, () => this.#announceAll());
  }

  /** Probes again for a name that this machine had (section 9), or for the next one. */
  #conflict(name: keyof NameNumbers): void {
    const now = this.#options.clock.monotonic();
    this.#conflicts = this.#conflicts.filter((at) => now - at < CONFLICT_MEMORY_MS);
    this.#conflicts.push(now);
    if (this.#phase === "probing") {
      this.#numbers = { ...this.#numbers, [name]: this.#numbers[name] + 1 };
    }
    this.#isSlow ||= this.#conflicts.length >= MANY_CONFLICTS;
    this.#probe(this.#isSlow ? CALM_MS : 0);
  }

  #setHost(host: string | null): void {
    if (host === this.#host) return;
    this.#host = host;
    this.#options.onHost(host);
  }
}

/** The types of records that show who has a name. */
const CLAIMING_TYPES = ["A", "AAAA", "SRV", "TXT"];
