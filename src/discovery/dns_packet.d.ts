// The part of dns-packet in use, which has no types of its own.

/** A question, as it is decoded. */
export interface PacketQuestion {
  readonly name: string;
  readonly type: string;
  /** `UNKNOWN_32769` for IN with the bit that asks for an answer by unicast. */
  readonly class: string;
}

/** A resource record. */
export interface PacketRecord {
  readonly name: string;
  readonly type: string;
  /** Missing from OPT records. */
  readonly ttl?: number;
  readonly class?: string;
  readonly flush?: boolean;
  readonly data?: unknown;
}

/** A message, as it is encoded. */
export interface OutgoingPacket {
  readonly id: number;
  readonly type: "query" | "response";
  readonly flags: number;
  readonly questions: readonly { readonly name: string; readonly type: string }[];
  readonly answers: readonly PacketRecord[];
  readonly authorities: readonly PacketRecord[];
  readonly additionals: readonly PacketRecord[];
}

/** A message, as it is decoded. */
export interface Packet {
  readonly id: number;
  readonly type: "query" | "response";
  readonly flags: number;
  readonly opcode: string;
  readonly questions: readonly PacketQuestion[];
  readonly answers: readonly PacketRecord[];
  readonly authorities: readonly PacketRecord[];
  readonly additionals: readonly PacketRecord[];
}

/** Takes a Buffer. Throws for a malformed message. */
export function decode(bytes: Uint8Array): Packet;

/** Encodes a message without compressing names. */
export function encode(packet: OutgoingPacket): Uint8Array<ArrayBuffer>;

/** The codec for the data of records of a type, which two bytes of length precede. */
export function record(type: string): { encode(data: unknown): Uint8Array };
