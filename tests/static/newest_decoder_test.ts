import assert from "node:assert/strict";
import { NewestDecoder } from "../../static/js/newest_decoder.js";

/** A decoder of numbered parts whose decoding is finished by hand. */
function setUp() {
  const pending = new Map<number, PromiseWithResolvers<string>>();
  const given: string[] = [];
  const discarded: string[] = [];
  const decoder = new NewestDecoder<number, string>({
    decode(part) {
      const decoding = Promise.withResolvers<string>();
      pending.set(part, decoding);
      return decoding.promise;
    },
    give: (picture) => given.push(picture),
    discard: (picture) => discarded.push(picture),
  });
  const settle = async (part: number, error?: Error) => {
    if (error) pending.get(part)!.reject(error);
    else pending.get(part)!.resolve(`picture ${part}`);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { decoder, started: () => [...pending.keys()], settle, given, discarded };
}

Deno.test("newest decoder decodes one frame at a time and skips older ones", async () => {
  const { decoder, started, settle, given } = setUp();
  for (const part of [1, 2, 3, 4]) decoder.push(part);
  assert.deepEqual(started(), [1]);
  await settle(1);
  assert.deepEqual(given, ["picture 1"]);
  assert.deepEqual(started(), [1], "the receiver still has the first one");
  decoder.taken();
  assert.deepEqual(started(), [1, 4]);
  await settle(4);
  decoder.taken();
  assert.deepEqual(given, ["picture 1", "picture 4"]);
});

Deno.test("newest decoder skips a frame that cannot be decoded", async () => {
  const { decoder, started, settle, given } = setUp();
  decoder.push(1);
  decoder.push(2);
  await settle(1, new Error("damaged"));
  assert.deepEqual(started(), [1, 2]);
  await settle(2);
  assert.deepEqual(given, ["picture 2"]);
});

Deno.test("newest decoder, once cleared, frees late pictures and takes new frames", async () => {
  const { decoder, started, settle, given, discarded } = setUp();
  decoder.push(1);
  decoder.push(2);
  decoder.clear();
  decoder.push(3);
  assert.deepEqual(started(), [1, 3]);
  await settle(1);
  await settle(3);
  assert.deepEqual({ given, discarded }, { given: ["picture 3"], discarded: ["picture 1"] });
});

Deno.test("newest decoder frees frames that it drops before decoding them", () => {
  const skipped: number[] = [];
  const decoder = new NewestDecoder<number, string>({
    decode: () => new Promise(() => {}),
    give() {},
    discard() {},
    skip: (part) => skipped.push(part),
  });
  for (const part of [1, 2, 3]) decoder.push(part);
  decoder.clear();
  assert.deepEqual(skipped, [2, 3]);
});
