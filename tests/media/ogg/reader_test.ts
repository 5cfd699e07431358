import assert from "node:assert/strict";
import fc from "fast-check";
import { checksumOf } from "../../../src/media/ogg/checksum.ts";
import { encodeOpusHead, encodeOpusTags } from "../../../src/media/ogg/opus_headers.ts";
import { encodePage } from "../../../src/media/ogg/page.ts";
import { OggReader } from "../../../src/media/ogg/reader.ts";
import { OggWriter } from "../../../src/media/ogg/writer.ts";
import { samplesOf, silence } from "../../../src/media/opus.ts";
import { join } from "../../support/jpegs.ts";
import { oggOf, opusPacket } from "../../support/ogg_samples.ts";

const packets = fc.array(opusPacket, { minLength: 1, maxLength: 12 });

/** Lengths by which a stream is cut into chunks, repeated to its end. */
const cuts = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 5 });

function read(stream: Uint8Array, lengths: readonly number[] = [stream.length]) {
  const reader = new OggReader();
  const packets = [];
  for (let at = 0, turn = 0; at < stream.length; turn++) {
    const length = lengths[turn % lengths.length];
    packets.push(...reader.push(stream.subarray(at, at + length)));
    at += length;
  }
  return { packets, damaged: reader.damaged };
}

/** A page of one packet, or of a part of one: `lengths` and flags are put in and the checksum made again. */
function page(
  packet: Uint8Array,
  { sequence, granule = 0, serial = 7, isFirst = false }: {
    readonly sequence: number;
    readonly granule?: number;
    readonly serial?: number;
    readonly isFirst?: boolean;
  },
): Uint8Array<ArrayBuffer> {
  return encodePage(packet, { sequence, granule, serial, isFirst });
}

/** The same page with other flags, or another version, and the checksum made again. */
function changed(page: Uint8Array, { version = 0, flags = 0 }): Uint8Array {
  const bytes = page.slice();
  bytes[4] = version;
  bytes[5] = flags;
  bytes.fill(0, 22, 26);
  new DataView(bytes.buffer).setUint32(22, checksumOf(bytes), true);
  return bytes;
}

/** Makes a page of whole segments, whose last packet goes on at the next page. */
function unended(page: Uint8Array): Uint8Array {
  const segments = page[26] - 1;
  const bytes = join(
    page.subarray(0, 26),
    Uint8Array.of(segments),
    page.subarray(27, 27 + segments),
    page.subarray(28 + segments),
  );
  return changed(bytes, {});
}

const CONTINUED = 1, LAST = 4;

const HEAD = encodeOpusHead({ channels: 1, preSkip: 312 });
const TAGS = encodeOpusTags("test");

Deno.test("reader gives the written packets whatever the chunks", () => {
  fc.assert(fc.property(packets, cuts, (sent, lengths) => {
    const result = read(oggOf(sent), lengths);
    assert.equal(result.damaged, 0);
    assert.deepEqual(result.packets.map(({ data }) => data), sent);
    let end = 0;
    for (const { data, granule, samples } of result.packets) {
      assert.equal(samples, samplesOf(data));
      assert.equal(granule, end += samples);
    }
  }));
});

Deno.test("reader gives only whole packets, in order, whatever was damaged", () => {
  const damage = fc.record({
    at: fc.nat(),
    length: fc.nat({ max: 3_000 }),
    bytes: fc.uint8Array({ maxLength: 300 }),
  });
  fc.assert(
    fc.property(packets, fc.array(damage, { maxLength: 3 }), cuts, (sent, damages, lengths) => {
      let stream = oggOf(sent);
      for (const { at, length, bytes } of damages) {
        const from = at % stream.length;
        stream = join(stream.subarray(0, from), bytes, stream.subarray(from + length));
      }
      const result = read(stream, lengths);
      const left = sent.map(String);
      let end = 0;
      for (const { data, granule, samples } of result.packets) {
        const index = left.indexOf(String(data));
        assert(index >= 0, "a packet that nobody wrote");
        left.splice(0, index + 1);
        assert(granule >= end + samples);
        end = granule;
      }
    }),
  );
});

Deno.test("reader takes any bytes without throwing", () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.constant(new TextEncoder().encode("OggS")),
    fc.constant(new TextEncoder().encode("OggS\0")),
    fc.constant(page(HEAD, { sequence: 0, isFirst: true })),
    fc.constant(page(TAGS, { sequence: 1 })),
  );
  fc.assert(fc.property(fc.array(piece, { maxLength: 20 }), cuts, (pieces, lengths) => {
    read(join(...pieces), lengths);
  }));
});

Deno.test("reader goes on at the next page after a damaged one", () => {
  const writer = new OggWriter();
  const headers = writer.headers();
  const pages = [1, 2, 3].map((byte) => writer.page(Uint8Array.of(0xf8, byte)));
  pages[1][pages[1].length - 1] ^= 1;
  const { packets, damaged } = read(join(headers, ...pages));
  assert.deepEqual(packets.map(({ data }) => data[1]), [1, 3]);
  assert.deepEqual(packets.map(({ granule }) => granule), [960, 2_880]);
  assert.equal(damaged, 1);
});

Deno.test("reader gives what the stream says about itself", () => {
  const stream = [
    page(HEAD, { sequence: 0, isFirst: true }),
    page(TAGS, { sequence: 1 }),
    page(silence(1), { sequence: 2, granule: 48_000 }),
  ];
  const { packets: [packet] } = read(join(...stream));
  assert.deepEqual(packet.head, { channels: 1, preSkip: 312 });
  assert.equal(packet.granule, 48_000);
});

Deno.test("reader reads streams that follow one another, and none beside them", () => {
  const stream = [
    page(HEAD, { sequence: 0, isFirst: true }),
    page(Uint8Array.of(1, 2, 3), { sequence: 0, isFirst: true, serial: 9 }),
    page(TAGS, { sequence: 1 }),
    page(silence(1), { sequence: 1, granule: 960, serial: 9 }),
    page(silence(2), { sequence: 2, granule: 960 }),
    page(encodeOpusHead({ channels: 2, preSkip: 0 }), { sequence: 0, isFirst: true, serial: 8 }),
    page(TAGS, { sequence: 1, serial: 8 }),
    page(silence(1), { sequence: 3, granule: 1_920 }),
    page(silence(1), { sequence: 2, granule: 960, serial: 8 }),
  ];
  const { packets } = read(join(...stream));
  assert.deepEqual(packets.map(({ head, granule }) => [head.channels, granule]), [
    [1, 960],
    [2, 960],
  ]);
});

Deno.test("reader refuses a stream that is not mono or stereo Opus", () => {
  const heads = [
    Uint8Array.from(HEAD, (byte, at) => at === 0 ? 0 : byte),
    Uint8Array.from(HEAD, (byte, at) => at === 8 ? 16 : byte),
    Uint8Array.from(HEAD, (byte, at) => at === 9 ? 6 : byte),
    Uint8Array.from(HEAD, (byte, at) => at === 18 ? 1 : byte),
    HEAD.subarray(0, 18),
  ];
  for (const head of heads) {
    const stream = [
      page(head, { sequence: 0, isFirst: true }),
      page(TAGS, { sequence: 1 }),
      page(silence(1), { sequence: 2, granule: 960 }),
    ];
    assert.deepEqual(read(join(...stream)), { packets: [], damaged: 0 });
  }
});

Deno.test("reader finds a page that begins inside what looked like one", () => {
  const stream = [
    page(HEAD, { sequence: 0, isFirst: true }),
    page(TAGS, { sequence: 1 }),
    new TextEncoder().encode("OggS\x01"),
    page(silence(1), { sequence: 2, granule: 960 }),
    changed(page(silence(1), { sequence: 3, granule: 1_920 }), { version: 1 }),
    page(silence(2), { sequence: 4, granule: 2_880 }),
  ];
  const { packets } = read(join(...stream));
  assert.deepEqual(packets.map(({ data }) => data), [silence(1), silence(2)]);
});

Deno.test("reader joins a packet that goes on at the next page, but not across a missing one", () => {
  const begin = unended(page(new Uint8Array(255).fill(0xf8), { sequence: 2 }));
  const middle = changed(unended(page(new Uint8Array(255), { sequence: 3 })), { flags: CONTINUED });
  const end = changed(page(new Uint8Array(10), { sequence: 4, granule: 960 }), {
    flags: CONTINUED,
  });
  const headers = [page(HEAD, { sequence: 0, isFirst: true }), page(TAGS, { sequence: 1 })];
  const whole = read(join(...headers, begin, middle, end)).packets;
  assert.deepEqual(whole.map(({ data }) => data.length), [520]);
  assert.deepEqual(read(join(...headers, begin, end)).packets, []);
});

Deno.test("reader never goes back in a stream, and reads no page after its last", () => {
  const stream = [
    page(HEAD, { sequence: 0, isFirst: true }),
    page(TAGS, { sequence: 1 }),
    page(silence(1), { sequence: 2, granule: 960 }),
    changed(page(silence(1), { sequence: 3, granule: 1_000 }), { flags: LAST }),
    page(silence(1), { sequence: 4, granule: 2_880 }),
  ];
  const { packets } = read(join(...stream));
  assert.deepEqual(packets.map(({ granule }) => granule), [960, 1_920]);
});

Deno.test("reader counts invalid packets and goes on", () => {
  const stream = [
    page(HEAD, { sequence: 0, isFirst: true }),
    page(TAGS, { sequence: 1 }),
    page(Uint8Array.of(0xfb, 0), { sequence: 2, granule: 960 }),
    page(silence(1), { sequence: 3, granule: 1_920 }),
  ];
  const { packets, damaged } = read(join(...stream));
  assert.equal(packets.length, 1);
  assert.equal(damaged, 1);
});

Deno.test("reader does not hold a stream of damage", () => {
  const reader = new OggReader();
  const chunk = join(...Array.from({ length: 20_000 }, () => new TextEncoder().encode("OggS\0..")));
  for (let turn = 0; turn < 20; turn++) assert.deepEqual(reader.push(chunk), []);
  const [packet] = reader.push(join(new Uint8Array(70_000), oggOf([silence(1)])));
  assert.deepEqual(packet.data, silence(1));
});
