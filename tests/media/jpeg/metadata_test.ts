import assert from "node:assert/strict";
import { MAX_PROFILE_BYTES, Metadata } from "../../../src/media/jpeg/metadata.ts";

const encoder = new TextEncoder();

function named(marker: number, name: string, bytes: number) {
  const payload = new Uint8Array(bytes);
  payload.set(encoder.encode(name));
  return { marker, payload };
}

const jfif = named(0xe0, "JFIF\0", 14);
const exif = named(0xe1, "Exif\0\0", 3000);
const adobe = named(0xee, "Adobe", 12);
const profilePart = (bytes: number) => named(0xe2, "ICC_PROFILE\0", bytes);

/** What is kept of these. */
function keep(segments: Iterable<ReturnType<typeof named>>) {
  const metadata = new Metadata();
  for (const segment of segments) metadata.add(segment);
  return metadata.segments;
}

Deno.test("metadata keeps the first of each kind that changes how the picture looks", () => {
  const profile = [profilePart(500), profilePart(600)];
  const again = [named(0xe0, "JFIF\0", 20), named(0xe1, "Exif\0\0", 40), named(0xee, "Adobe", 14)];
  const useless = [named(0xe0, "AVI1", 14), named(0xe1, "http://ns.adobe.com/xap/", 4000)];
  const all = [jfif, ...useless, exif, ...profile, adobe, ...again];
  assert.deepEqual(keep(all), [jfif, exif, ...profile, adobe]);
});

Deno.test("metadata keeps a profile of 64 kB, and drops a larger one whole", () => {
  const half = profilePart(MAX_PROFILE_BYTES / 2 - 4);
  assert.deepEqual(keep([jfif, half, half, exif]), [jfif, half, half, exif]);
  assert.deepEqual(keep([jfif, half, half, exif, profilePart(13)]), [jfif, exif]);
});

Deno.test("metadata keeps only a few segments, however many a frame has", () => {
  const wild = [profilePart(13), named(0xe4, "", 0), jfif, exif, adobe];
  const kept = keep(function* () {
    for (let i = 0; i < 100_000; i++) yield* wild;
  }());
  assert.deepEqual(kept, [jfif, exif, adobe]);
});

Deno.test("metadata takes as long for a segment however many it has kept", () => {
  const parts = Array.from({ length: 4000 }, () => profilePart(12));
  const duration = (before: ReturnType<typeof named>[]) => {
    const start = performance.now();
    keep(function* () {
      yield* before;
      for (let i = 0; i < 30_000; i++) yield jfif;
    }());
    return performance.now() - start;
  };
  const [few, many] = [[], parts].map((before) =>
    Math.min(...[1, 2, 3].map(() => duration(before)))
  );
  assert.ok(many < 10 * few + 20, `${many} ms after 4,000 segments, ${few} ms after none`);
});
