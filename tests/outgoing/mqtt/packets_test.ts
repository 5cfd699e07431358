import assert from "node:assert/strict";
import fc from "fast-check";
import { PacketReader } from "../../../src/outgoing/mqtt/packet_reader.ts";
import {
  encodeConnect,
  encodeEmpty,
  encodePuback,
  encodePublish,
  encodeSubscribe,
} from "../../../src/outgoing/mqtt/packets.ts";

const text = fc.string({ minLength: 1, maxLength: 40, unit: "grapheme" });
const payload = fc.uint8Array({ maxLength: 400 }).map((bytes) => bytes.slice());
const id = fc.integer({ min: 1, max: 0xffff });
const hex = (bytes: Uint8Array) =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");

Deno.test("MQTT packets have the bytes of the specification", () => {
  const will = { topic: "w", payload: new Uint8Array([0x6f]), retain: true };
  const connect = { clientId: "me", keepAlive: 15, will };
  assert.equal(
    hex(encodeConnect({ ...connect, user: "u", password: "p" })),
    "10 1a 00 04 4d 51 54 54 04 ee 00 0f 00 02 6d 65 00 01 77 00 01 6f 00 01 75 00 01 70",
  );
  assert.equal(
    hex(encodeConnect({ ...connect, user: null, password: null })),
    "10 14 00 04 4d 51 54 54 04 2e 00 0f 00 02 6d 65 00 01 77 00 01 6f",
  );
  assert.equal(hex(encodeSubscribe(["a", "b"], 258)), "82 0a 01 02 00 01 61 01 00 01 62 01");
  assert.equal(hex(encodePuback(7)), "40 02 00 07");
  assert.equal(hex(encodeEmpty("pingreq")), "c0 00");
  assert.equal(hex(encodeEmpty("disconnect")), "e0 00");
});

Deno.test("MQTT messages are read as they were written, however they are cut", () => {
  const messages = fc.array(fc.tuple(text, payload, fc.boolean(), fc.option(id)), { maxLength: 6 });
  fc.assert(fc.property(messages, fc.integer({ min: 1, max: 50 }), (sent, step) => {
    const expected = sent.map(([topic, payload, retain, id]) => ({
      type: "publish",
      message: { topic, payload, retain },
      id,
    }));
    const bytes = new Uint8Array(
      expected.flatMap(({ message, id }) => [...encodePublish(message, id)]),
    );
    const reader = new PacketReader();
    const read = [];
    for (let at = 0; at < bytes.length; at += step) {
      read.push(...reader.read(bytes.subarray(at, at + step)));
    }
    assert.deepEqual(read, expected);
  }));
});

Deno.test("MQTT lengths of one to three bytes are those of the specification", () => {
  const headOf = (length: number) =>
    hex(
      encodePublish({ topic: "", payload: new Uint8Array(length - 2), retain: false }, null)
        .subarray(0, 4),
    );
  assert.equal(headOf(127), "30 7f 00 00");
  assert.equal(headOf(128), "30 80 01 00");
  assert.equal(headOf(16_383), "30 ff 7f 00");
  assert.equal(headOf(16_384), "30 80 80 01");
});

Deno.test("MQTT answers to a greeting and to subscriptions are read", () => {
  const read = (...bytes: number[]) => new PacketReader().read(new Uint8Array(bytes));
  assert.deepEqual(read(0x20, 2, 0, 5), [{ type: "connack", code: 5 }]);
  assert.deepEqual(read(0x90, 4, 0, 9, 1, 128), [{ type: "suback", id: 9, isRefused: true }]);
  assert.deepEqual(read(0x90, 4, 0, 9, 1, 0), [{ type: "suback", id: 9, isRefused: false }]);
  assert.deepEqual(read(0x40, 2, 1, 2), [{ type: "puback", id: 258 }]);
  assert.deepEqual(read(0xd0, 0), [{ type: "pingresp" }]);
});

Deno.test("MQTT reader takes whatever comes, or refuses it in words", () => {
  fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 60 })), (chunks) => {
    const reader = new PacketReader();
    try {
      for (const chunk of chunks) reader.read(chunk);
    } catch (error) {
      assert.equal((error as Error).name, "OutgoingError");
    }
  }));
  assert.throws(() => new PacketReader().read(new Uint8Array([0x30, 0xff, 0xff, 0xff, 0x7f])), {
    message: "it sent a message that is too long",
  });
});
