import { OutgoingError } from "../connection.ts";
import { type MqttMessage, PACKET } from "./packets.ts";

/** What a broker sends. */
export type BrokerPacket =
  | { readonly type: "connack"; readonly code: number }
  | {
    readonly type: "publish";
    readonly message: MqttMessage;
    /** To acknowledge it by; `null` if the broker does not ask for that. */
    readonly id: number | null;
  }
  | { readonly type: "puback"; readonly id: number }
  | {
    readonly type: "suback";
    readonly id: number;
    /** Whether the broker refused a topic. */
    readonly isRefused: boolean;
  }
  | { readonly type: "pingresp" };

/** The longest packet that is taken: commands and states are short. Bytes. */
const MAX_PACKET = 64 * 1024;

/** A suback's code for a topic that the broker refused. */
const REFUSED = 0x80;

/** Cuts what a broker sends into packets. */
export class PacketReader {
  #left = new Uint8Array();

  /**
   * Takes bytes, and returns the packets that are whole now.
   *
   * @throws {OutgoingError} It is not MQTT, or more than a broker has reason to send.
   */
  read(bytes: Uint8Array): BrokerPacket[] {
    const all = new Uint8Array(this.#left.length + bytes.length);
    all.set(this.#left);
    all.set(bytes, this.#left.length);
    const packets: BrokerPacket[] = [];
    let at = 0;
    for (;;) {
      const head = readHead(all, at);
      if (!head || head.end > all.length) break;
      packets.push(readPacket(all[at]!, all.subarray(head.begin, head.end)));
      at = head.end;
    }
    this.#left = all.slice(at);
    return packets;
  }
}

/** Returns where the packet at `at` has its body; `null` if its length has not come yet. */
function readHead(all: Uint8Array, at: number): { begin: number; end: number } | null {
  let length = 0;
  for (let i = 0; i < 4; i++) {
    const byte = all[at + 1 + i];
    if (byte === undefined) return null;
    length |= (byte & 0x7f) << 7 * i;
    if (length > MAX_PACKET) throw new OutgoingError("it sent a message that is too long");
    if (byte < 0x80) return { begin: at + 2 + i, end: at + 2 + i + length };
  }
  throw notMqtt();
}

function readPacket(first: number, body: Uint8Array): BrokerPacket {
  const number = (at: number) => {
    if (at + 2 > body.length) throw notMqtt();
    return body[at]! << 8 | body[at + 1]!;
  };
  switch (first >> 4) {
    case PACKET.connack:
      return { type: "connack", code: number(0) & 0xff };
    case PACKET.puback:
      return { type: "puback", id: number(0) };
    case PACKET.suback:
      return { type: "suback", id: number(0), isRefused: body.subarray(2).includes(REFUSED) };
    case PACKET.pingresp:
      return { type: "pingresp" };
    case PACKET.publish: {
      const qos = first >> 1 & 3;
      // A client that subscribes with QoS 1 gets no QoS 2.
      if (qos > 1) throw notMqtt();
      const length = number(0);
      const idAt = 2 + length;
      const payloadAt = idAt + 2 * qos;
      if (payloadAt > body.length) throw notMqtt();
      const topic = new TextDecoder().decode(body.subarray(2, idAt));
      return {
        type: "publish",
        message: { topic, payload: body.slice(payloadAt), retain: (first & 1) === 1 },
        id: qos === 0 ? null : number(idAt),
      };
    }
    default:
      throw notMqtt();
  }
}

function notMqtt(): OutgoingError {
  return new OutgoingError("it does not speak MQTT 3.1.1");
}
