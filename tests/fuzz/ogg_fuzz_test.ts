import assert from "node:assert/strict";
import { OggReader } from "../../src/media/ogg/reader.ts";
import { silence } from "../../src/media/opus.ts";
import { ffmpeg } from "../support/ffmpeg.ts";
import { oggOf } from "../support/ogg_samples.ts";
import { Random } from "../support/random.ts";
import { concatenate } from "./bytes.ts";
import { fuzzSeed } from "./fuzzed_program.ts";

const STREAMS = 5_000;

/** Whatever page a damaged header announces ends within this. Bytes. */
const LONGEST_PAGE = 70_000;

type Bytes = Uint8Array<ArrayBuffer>;

/** Damages a stream in one way. */
function damaged(random: Random, stream: Bytes): Bytes {
  const at = random.whole(0, stream.length - 1);
  const to = Math.min(stream.length, at + random.whole(0, 600));
  const before = stream.slice(0, at), rest = stream.slice(to);
  switch (random.whole(0, 4)) {
    case 0:
      stream = stream.slice();
      stream[at] ^= 1 << random.whole(0, 7);
      return stream;
    case 1:
      return concatenate(before, rest);
    case 2:
      return concatenate(before, stream.slice(at, to), stream.slice(at, to), rest);
    case 3: {
      const noise = Uint8Array.from({ length: to - at }, () => random.whole(0, 255));
      return concatenate(before, noise, rest);
    }
    default:
      return concatenate(before, new TextEncoder().encode("OggS\0"), rest);
  }
}

Deno.test("5,000 damaged Ogg streams give whole packets alone, and never stop what follows", async () => {
  const seed = fuzzSeed();
  const random = new Random(seed);
  const input = ["-f", "lavfi", "-i", "anoisesrc=duration=1:sample_rate=48000"];
  const codec = ["-c:a", "libopus", "-b:a", "48k", "-f", "ogg", "-"];
  const streams = [
    await ffmpeg(...input, "-page_duration", "20000", ...codec),
    await ffmpeg(...input, ...codec),
  ];
  const written = new Set(
    streams.flatMap((stream) => new OggReader().push(stream).map(({ data }) => String(data))),
  );
  assert(written.size > 90);
  const tail = concatenate(new Uint8Array(LONGEST_PAGE), oggOf([silence(1)]));
  let whole = 0, lost = 0;
  for (let count = 0; count < STREAMS; count++) {
    let stream = streams[count % 2];
    for (let times = random.whole(1, 4); times > 0; times--) stream = damaged(random, stream);
    const reader = new OggReader();
    const packets = [];
    for (let at = 0; at < stream.length;) {
      const length = random.whole(1, 3_000);
      packets.push(...reader.push(stream.subarray(at, at + length)));
      at += length;
    }
    let end = 0, current = packets[0]?.head;
    for (const { data, granule, samples, head } of packets) {
      // Its first page may have come twice, which begins another stream.
      if (head !== current) end = 0;
      current = head;
      assert(written.has(String(data)), `a packet that nobody wrote (FUZZ_SEED=${seed})`);
      assert(granule >= end + samples, `went back (FUZZ_SEED=${seed})`);
      end = granule;
    }
    whole += packets.length;
    if (reader.damaged > 0) lost++;
    const [last] = reader.push(tail).slice(-1);
    assert.deepEqual(last?.data, silence(1), `FUZZ_SEED=${seed}`);
  }
  assert(whole > 10 * STREAMS && lost > STREAMS / 2, `${whole} packets, damage in ${lost} streams`);
});
