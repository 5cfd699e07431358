/**
 * The packets that a client of MQTT 3.1.1 sends; sections of
 * https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html.
 */

/** Types of packets, in the high half of the first byte. Section 2.2.1. */
export const PACKET = {
  connect: 1,
  connack: 2,
  publish: 3,
  puback: 4,
  subscribe: 8,
  suback: 9,
  pingreq: 12,
  pingresp: 13,
  disconnect: 14,
} as const;

/** A message on a topic. */
export interface MqttMessage {
  /** Where it is published. */
  readonly topic: string;
  /** What it says. */
  readonly payload: Uint8Array<ArrayBuffer>;
  /** Whether the broker keeps it for those who subscribe later; of a message that came, whether it was kept. */
  readonly retain: boolean;
}

/** How a client introduces itself. */
export interface MqttConnect {
  /** Differs from that of all other clients of the broker. */
  readonly clientId: string;
  /** `null` to log in without. */
  readonly user: string | null;
  /** `null` without one. */
  readonly password: string | null;
  /** The broker gives the client up if it is silent for one and a half times as long. Seconds. */
  readonly keepAlive: number;
  /** What the broker publishes once the client is gone. */
  readonly will: MqttMessage;
}

/** Encodes CONNECT, for a new session. Section 3.1. */
export function encodeConnect(connect: MqttConnect): Uint8Array<ArrayBuffer> {
  const { clientId, user, password, keepAlive, will } = connect;
  const flags = (user === null ? 0 : 0x80) | (password === null ? 0 : 0x40) |
    (will.retain ? 0x20 : 0) | 0x08 /* will QoS 1 */ | 0x04 /* will */ | 0x02 /* clean session */;
  const credentials = [user, password].filter((text) => text !== null).map(string);
  return packet(PACKET.connect, 0, [
    ...[string("MQTT"), new Uint8Array([4, flags]), number(keepAlive)],
    ...[string(clientId), string(will.topic), number(will.payload.length), will.payload],
    ...credentials,
  ]);
}

/**
 * Encodes PUBLISH. Section 3.3.
 *
 * @param id With one, the broker acknowledges the message (QoS 1); `null` for QoS 0.
 */
export function encodePublish(message: MqttMessage, id: number | null): Uint8Array<ArrayBuffer> {
  const { topic, payload, retain } = message;
  const flags = (id === null ? 0 : 0x02) | (retain ? 0x01 : 0);
  const idBytes = id === null ? [] : [number(id)];
  return packet(PACKET.publish, flags, [string(topic), ...idBytes, payload]);
}

/** Encodes PUBACK. Section 3.4. */
export function encodePuback(id: number): Uint8Array<ArrayBuffer> {
  return packet(PACKET.puback, 0, [number(id)]);
}

/** Encodes SUBSCRIBE with QoS 1. Section 3.8. */
export function encodeSubscribe(topics: readonly string[], id: number): Uint8Array<ArrayBuffer> {
  const filters = topics.flatMap((topic) => [string(topic), new Uint8Array([1])]);
  return packet(PACKET.subscribe, 0x02, [number(id), ...filters]);
}

/** Encodes PINGREQ or DISCONNECT. Sections 3.12 and 3.14. */
export function encodeEmpty(type: "pingreq" | "disconnect"): Uint8Array<ArrayBuffer> {
  return packet(PACKET[type], 0, []);
}

/** The longest text of MQTT. Bytes. */
const MAX_STRING = 0xffff;

function string(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > MAX_STRING) throw new RangeError(`Text too long for MQTT: ${bytes.length}`);
  return concat([number(bytes.length), bytes]);
}

function number(value: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array([value >> 8, value & 0xff]);
}

function packet(
  type: number,
  flags: number,
  parts: readonly Uint8Array<ArrayBuffer>[],
): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return concat([new Uint8Array([type << 4 | flags, ...encodeLength(length)]), ...parts]);
}

/** Seven bits a byte, the lowest first. Section 2.2.3. */
function encodeLength(length: number): number[] {
  const bytes: number[] = [];
  let left = length;
  do {
    const more = left > 0x7f ? 0x80 : 0;
    bytes.push(left & 0x7f | more);
    left >>>= 7;
  } while (left > 0);
  return bytes;
}

function concat(parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
