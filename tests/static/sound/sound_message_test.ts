import assert from "node:assert/strict";
import fc from "fast-check";
import type { SoundPacket } from "../../../src/media/packet.ts";
import { encodeSound } from "../../../src/media/sound_message.ts";
import { readSound } from "../../../static/js/sound/sound_message.js";

const bytes = fc.uint8Array({ maxLength: 1275 }).map((data) => new Uint8Array(data));

Deno.test("pages read the packets that the server sends", () => {
  const message = fc.record({
    packets: fc.array(bytes, { minLength: 1, maxLength: 255 }),
    duration: fc.constantFrom(2.5, 5, 10, 20, 40, 60),
    sequence: fc.nat({ max: 2 ** 40 }),
    at: fc.double({ min: 0, max: 1e13, noNaN: true }),
  });
  fc.assert(fc.property(message, ({ packets, duration, sequence, at }) => {
    const sent = packets.map((data, i): SoundPacket => ({
      track: "sound",
      isKey: true,
      sequence: sequence + i,
      at: at + i * duration,
      duration,
      data,
    }));
    const read = readSound(encodeSound(sent).buffer);
    assert.deepEqual(
      read,
      sent.map(({ sequence, at, duration, data }) => ({
        sequence,
        at,
        duration,
        data,
      })),
    );
  }));
});

Deno.test("pages ignore what is no message of sound", () => {
  const packet = { track: "sound", isKey: true, sequence: 1, at: 1, duration: 20 } as const;
  const whole = encodeSound([{ ...packet, data: Uint8Array.of(1, 2, 3) }]);
  for (let length = 0; length < whole.length; length++) {
    assert.equal(readSound(whole.slice(0, length).buffer), null, `${length} bytes`);
  }
  assert.equal(readSound(Uint8Array.of(...whole, 0).buffer), null);
  for (const [place, value] of [[0, 2], [1, 0], [12, 0x7f]]) {
    const changed = whole.slice();
    changed[place] = value;
    if (place === 12) changed[13] = 0xf0;
    assert.equal(readSound(changed.buffer), null, `byte ${place}`);
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (garbage) => {
    const packets = readSound(new Uint8Array(garbage).buffer);
    assert.ok(packets === null || packets.length === garbage[1]);
  }));
});
