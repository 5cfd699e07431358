import { Buffer } from "node:buffer";
// @ts-types="./dns_packet.d.ts"
import { decode, encode, type PacketQuestion, type PacketRecord, record } from "dns-packet";

/** A question of a query. */
export interface Question {
  /** Dots separate labels, and the last one has none. */
  readonly name: string;
  /** `A`, `PTR`, `ANY`, … */
  readonly type: string;
  /** Whether the sender would rather be answered by unicast (RFC 6762 section 5.4). */
  readonly wantsUnicast: boolean;
}

/** A resource record of class IN. */
export interface ResourceRecord {
  /** As that of a {@linkcode Question}. */
  readonly name: string;
  /** `A`, `PTR`, … */
  readonly type: string;
  /** How long others may remember it, seconds; 0 takes it back. */
  readonly ttl: number;
  /** Whether nobody else has records of this name and type (the cache-flush bit, RFC 6762 section 10.2). */
  readonly isUnique: boolean;
  /** As dns-packet reads and writes it. */
  readonly data: unknown;
}

/** A message of multicast DNS (RFC 6762 section 18). */
export interface Message {
  /** 0, except between a plain DNS client and who answers it. */
  readonly id: number;
  /** Whether it is a response, not a query. */
  readonly isResponse: boolean;
  /** Whether more known answers follow in another message. */
  readonly isTruncated: boolean;
  /** What is asked. */
  readonly questions: readonly Question[];
  /** In a query, what its sender knows already. */
  readonly answers: readonly ResourceRecord[];
  /** In a query, what its sender wants to have as its own. */
  readonly authorities: readonly ResourceRecord[];
  /** What else may be of use. */
  readonly additionals: readonly ResourceRecord[];
}

/** The longest message that RFC 6762 section 17 permits. Bytes. */
const MAX_BYTES = 9000;

/** The most questions and records of a message; one of 1,500 bytes seldom has more than 40. Each costs time. */
const MAX_ENTRIES = 64;

/** Where a message says how many questions it has, and records of each of three kinds. */
const COUNTS_AT = [4, 6, 8, 10];

const AUTHORITATIVE = 0x0400;
const TRUNCATED = 0x0200;

/** The class IN and any class, each with and without the bit that asks for unicast. */
const WANTS_UNICAST: Readonly<Record<string, boolean>> = {
  IN: false,
  ANY: false,
  UNKNOWN_32769: true,
  UNKNOWN_33023: true,
};

/** Reads a message; `null` if it is malformed, too long, has too many parts, or is neither a query nor a response. */
export function readMessage(bytes: Uint8Array): Message | null {
  if (bytes.length > MAX_BYTES) return null;
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const entries = COUNTS_AT.reduce((sum, at) => sum + view.getUint16(at), 0);
    if (entries > MAX_ENTRIES) return null;
    const packet = decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    if (packet.opcode !== "QUERY") return null;
    return {
      id: packet.id,
      isResponse: packet.type === "response",
      isTruncated: (packet.flags & TRUNCATED) !== 0,
      questions: packet.questions.flatMap(readQuestion),
      answers: packet.answers.flatMap(readRecord),
      authorities: packet.authorities.flatMap(readRecord),
      additionals: packet.additionals.flatMap(readRecord),
    };
  } catch {
    return null;
  }
}

/** Writes a message. What is left out is empty. */
export function writeMessage(message: Partial<Message>): Uint8Array<ArrayBuffer> {
  const { id = 0, isResponse = false, questions = [], answers = [] } = message;
  return encode({
    ...{ id, questions },
    type: isResponse ? "response" : "query",
    flags: (isResponse ? AUTHORITATIVE : 0) | (message.isTruncated ? TRUNCATED : 0),
    answers: answers.map(writeRecord),
    authorities: (message.authorities ?? []).map(writeRecord),
    additionals: (message.additionals ?? []).map(writeRecord),
  });
}

/** Returns whether two names are the same: letters of ASCII are, in either case. */
export function isSameName(one: string, other: string): boolean {
  return lowerCase(one) === lowerCase(other);
}

/** Returns a text that is the same for records of the same name, type and data. */
export function keyOf({ name, type, data }: ResourceRecord): string {
  return `${lowerCase(name)} ${type} ${dataBytes(type, data).toHex()}`;
}

/** Compares sets of records as RFC 6762 section 8.2.1 does; positive if the first set comes later. */
export function compareRecords(
  one: readonly ResourceRecord[],
  other: readonly ResourceRecord[],
): number {
  const [ones, others] = [one, other].map((records) => records.map(comparable).sort());
  for (const [index, bytes] of ones!.entries()) {
    const beside = others![index];
    if (beside === undefined || bytes > beside) return 1;
    if (bytes < beside) return -1;
  }
  return ones!.length - others!.length;
}

function readQuestion(question: PacketQuestion): Question[] {
  const wantsUnicast = WANTS_UNICAST[question.class];
  const { name, type } = question;
  return wantsUnicast === undefined ? [] : [{ name, type, wantsUnicast }];
}

function readRecord(record: PacketRecord): ResourceRecord[] {
  const { name, type, ttl, flush, data } = record;
  if (record.class !== "IN" || ttl === undefined || !isComparable(type, data)) return [];
  return [{ name, type, ttl, isUnique: flush === true, data }];
}

function writeRecord({ name, type, ttl, isUnique, data }: ResourceRecord): PacketRecord {
  return { name, type, ttl, class: "IN", flush: isUnique, data };
}

/** Returns what records of one name are compared by, which is not their class: all are of class IN. */
function comparable(record: ResourceRecord): string {
  const bytes = writeMessage({ answers: [{ ...record, name: "" }] });
  return bytes.subarray(TYPE_AT, TYPE_AT + 2).toHex() + bytes.subarray(DATA_AT).toHex();
}

/** Where the type of a message's first record is, and its data, if the record has the empty name. */
const TYPE_AT = 13;
const DATA_AT = 23;

/** Returns whether data can be written again: dns-packet reads some that it cannot write. */
function isComparable(type: string, data: unknown): boolean {
  try {
    return dataBytes(type, data).length > 0;
  } catch {
    return false;
  }
}

function dataBytes(type: string, data: unknown): Uint8Array {
  return record(type).encode(data);
}

function lowerCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
