import type { Clock } from "../clock.ts";
import {
  keyOf,
  type Message,
  type Question,
  type ResourceRecord,
  writeMessage,
} from "./message.ts";
import type { Network } from "./network.ts";
import type { ServiceRecords } from "./service.ts";
import { Timers } from "./timers.ts";
import { MDNS_PORT, type Peer, type Transport } from "./transport.ts";

/** Options of {@linkcode Replies}. */
export interface RepliesOptions {
  /** Sends the answers. */
  readonly transport: Transport;
  /** Says when they were sent. */
  readonly clock: Pick<Clock, "monotonic">;
  /** Returns a number from 0 to less than 1. */
  readonly random: () => number;
}

/** How often a record may be sent to a network, and to one that wants its name (RFC 6762 section 6). Milliseconds. */
const INTERVAL_MS = 1000;
const PROBED_INTERVAL_MS = 250;

/** The longest that a plain DNS client may remember an answer (RFC 6762 section 6.7). Seconds. */
const PLAIN_TTL = 10;

/** The most answers that wait at one time, and the most to single peers in a second. */
const MAX_WAITING = 32;
const MAX_UNICASTS = 50;

/** An answer that waits. */
interface Waiting {
  readonly network: Network;
  readonly asker: string;
  readonly records: readonly ResourceRecord[];
  readonly known: Set<string>;
}

/** Answers questions as RFC 6762 section 6 says: late enough, seldom enough, and not what is known. */
export class Replies {
  readonly #options: RepliesOptions;
  readonly #timers = new Timers();
  readonly #waiting = new Set<Waiting>();
  /** When each record was last sent to a network, by both. */
  readonly #sentAt = new Map<string, number>();
  #unicasts = 0;
  #secondBeganAt = -Infinity;

  /** Creates one that has sent nothing. */
  constructor(options: RepliesOptions) {
    this.#options = options;
  }

  /** Answers a query, if these records have an answer. */
  answer(query: Message, network: Network, from: Peer, records: ServiceRecords): void {
    const known = keysKnownLongEnough(query.answers, records);
    // A query without questions has more known answers (RFC 6762 section 7.2).
    if (query.questions.length === 0) {
      for (const one of this.#waiting) {
        if (one.asker === from.hostname) { for (const key of known) one.known.add(key); }
      }
      return;
    }
    const answers = [...new Set(query.questions.flatMap((asked) => records.answersTo(asked)))]
      .filter((answer) => !known.has(keyOf(answer)));
    if (answers.length === 0) return;
    if (from.port !== MDNS_PORT) {
      const questions = answeredQuestions(query.questions, answers, records);
      return this.#answerPlainly({ ...query, questions }, network, from, answers);
    }
    const wantsUnicast = query.questions.every((question) => question.wantsUnicast);
    if (wantsUnicast && this.#areRemembered(network, answers)) {
      this.#unicast(network, { isResponse: true, answers }, from);
      return;
    }
    const { random } = this.#options;
    const isShared = answers.some(({ isUnique }) => !isUnique);
    const least = query.isTruncated ? 400 : isShared ? 20 : 0;
    const delay = least === 0 ? 0 : least + 100 * random();
    const waiting = { network, asker: from.hostname, records: answers, known };
    if (delay === 0) return this.#send(waiting, records, query.authorities.length > 0);
    if (this.#timers.size >= MAX_WAITING) return;
    this.#waiting.add(waiting);
    this.#timers.after(delay, () => {
      this.#waiting.delete(waiting);
      this.#send(waiting, records, false);
    });
  }

  /** Sends records to a network, whether asked for or not. */
  announce(network: Network, records: readonly ResourceRecord[]): void {
    const now = this.#options.clock.monotonic();
    for (const record of records) this.#sentAt.set(sendingKey(network, record), now);
    this.#options.transport.multicast(
      network,
      writeMessage({ isResponse: true, answers: records }),
    );
  }

  /** Forgets what waits and what was sent. */
  reset(): void {
    this.#timers.clear();
    this.#waiting.clear();
    this.#sentAt.clear();
  }

  #send({ network, records, known }: Waiting, all: ServiceRecords, isProbed: boolean): void {
    const interval = isProbed ? PROBED_INTERVAL_MS : INTERVAL_MS;
    const now = this.#options.clock.monotonic();
    const isDue = (record: ResourceRecord) =>
      !known.has(keyOf(record)) && now - this.#lastSent(network, record) >= interval;
    const answers = records.filter(isDue);
    if (answers.length === 0) return;
    const additionals = additionalsOf(answers, all).filter(isDue);
    for (const record of [...answers, ...additionals]) {
      this.#sentAt.set(sendingKey(network, record), now);
    }
    this.#options.transport.multicast(
      network,
      writeMessage({ isResponse: true, answers, additionals }),
    );
  }

  /** Answers a client of plain DNS, which knows neither shared ports nor the cache-flush bit. */
  #answerPlainly(
    { id, questions }: Message,
    network: Network,
    from: Peer,
    answers: readonly ResourceRecord[],
  ): void {
    const plain = answers.map((answer) => ({
      ...answer,
      ttl: Math.min(answer.ttl, PLAIN_TTL),
      isUnique: false,
    }));
    this.#unicast(network, { id, isResponse: true, questions, answers: plain }, from);
  }

  #unicast(network: Network, message: Partial<Message>, to: Peer): void {
    const now = this.#options.clock.monotonic();
    if (now - this.#secondBeganAt >= 1000) {
      this.#secondBeganAt = now;
      this.#unicasts = 0;
    }
    if (++this.#unicasts > MAX_UNICASTS) return;
    this.#options.transport.unicast(network, writeMessage(message), to);
  }

  /** Whether all records were sent lately, so that others in the network have them (section 5.4). */
  #areRemembered(network: Network, records: readonly ResourceRecord[]): boolean {
    const now = this.#options.clock.monotonic();
    return records.every((record) => now - this.#lastSent(network, record) < record.ttl * 1000 / 4);
  }

  #lastSent(network: Network, record: ResourceRecord): number {
    return this.#sentAt.get(sendingKey(network, record)) ?? -Infinity;
  }
}

/** Returns the keys of what the asker remembers for at least half of its time (RFC 6762 section 7.1). */
function keysKnownLongEnough(
  known: readonly ResourceRecord[],
  records: ServiceRecords,
): Set<string> {
  if (known.length === 0) return new Set();
  const ttls = new Map(records.all.map((record) => [keyOf(record), record.ttl]));
  return new Set(known.flatMap((record) => {
    const key = keyOf(record);
    return record.ttl >= (ttls.get(key) ?? Infinity) / 2 ? [key] : [];
  }));
}

/**
 * Returns the questions that these answers are for, without those that add none to the ones before: names are not
 * compressed, so a short query could be made to cause a long answer to somebody else.
 */
function answeredQuestions(
  questions: readonly Question[],
  answers: readonly ResourceRecord[],
  records: ServiceRecords,
): Question[] {
  const left = new Set(answers);
  return questions.filter((question) =>
    records.answersTo(question).filter((answer) => left.delete(answer)).length > 0
  );
}

/** Returns what whoever gets these answers would ask next (RFC 6763 section 12). */
function additionalsOf(
  answers: readonly ResourceRecord[],
  { unique, denials }: ServiceRecords,
): ResourceRecord[] {
  const given = new Set(answers.map(keyOf));
  const isListing = answers.some(({ type }) => type === "PTR");
  const names = new Set(answers.map(({ name }) => name));
  return [...unique, ...denials].filter((record) =>
    !given.has(keyOf(record)) && (isListing || names.has(record.name))
  );
}

function sendingKey({ cidr }: Network, record: ResourceRecord): string {
  return `${cidr} ${keyOf(record)}`;
}
