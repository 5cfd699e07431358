import assert from "node:assert/strict";
import fc from "fast-check";
import { PacketJoiner } from "../../../src/media/ogg/packet_joiner.ts";
import type { Page } from "../../../src/media/ogg/page.ts";

const packets = fc.array(
  fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 800 }), fc.constant(new Uint8Array(255))),
  { maxLength: 8 },
);

/** Lays packets out on pages of so many segments. */
function pagesOf(packets: readonly Uint8Array[], segmentsOfPage: number): Page[] {
  const segments = packets.flatMap((packet) => {
    const count = Math.floor(packet.length / 255) + 1;
    return Array.from({ length: count }, (_, at) => packet.subarray(255 * at, 255 * (at + 1)));
  });
  const pages: Page[] = [];
  for (let at = 0; at < segments.length; at += segmentsOfPage) {
    const own = segments.slice(at, at + segmentsOfPage);
    pages.push({
      isContinued: at > 0 && segments[at - 1].length === 255,
      isFirst: false,
      isLast: false,
      granule: null,
      serial: 1,
      sequence: pages.length,
      lengths: Uint8Array.from(own, ({ length }) => length),
      body: Uint8Array.from(own.flatMap((segment) => [...segment])),
    });
  }
  return pages;
}

Deno.test("joiner gives the packets however they lie on pages", () => {
  fc.assert(fc.property(packets, fc.integer({ min: 1, max: 9 }), (packets, segments) => {
    const joiner = new PacketJoiner();
    const joined = pagesOf(packets, segments).flatMap((page) => joiner.take(page));
    assert.deepEqual(joined.map(String), packets.map(String));
  }));
});

Deno.test("joiner drops packets of which a page is missing, and only these", () => {
  const sent = [300, 600, 100].map((length, index) => new Uint8Array(length).fill(index));
  const pages = pagesOf(sent, 2);
  assert.equal(pages.length, 3);
  const joiner = new PacketJoiner();
  const first = joiner.take(pages[0]);
  joiner.reset();
  const rest = joiner.take(pages[2]);
  assert.deepEqual([...first, ...rest].map(([index]) => index), [0, 2]);
});

Deno.test("joiner drops a packet that is longer than any of Opus can be", () => {
  const joiner = new PacketJoiner();
  const pages = pagesOf([new Uint8Array(61_441), new Uint8Array(61_440)], 100);
  assert.deepEqual(pages.flatMap((page) => joiner.take(page)).map(({ length }) => length), [
    61_440,
  ]);
});
