import assert from "node:assert/strict";
import { ProgramBody, type ProgramBodyOptions } from "../../src/consumers/program_body.ts";

function open(options: Partial<ProgramBodyOptions<Uint8Array<ArrayBuffer>>> = {}) {
  const ends: ProgramBody[] = [];
  const body = new ProgramBody({
    encode: (bytes) => bytes,
    capacity: 3,
    onEnd: (body) => ends.push(body),
    ...options,
  });
  return { body, ends };
}

const unit = (number: number) => Uint8Array.of(number);

async function readNumbers(reader: ReadableStreamDefaultReader<Uint8Array>, count: number) {
  const numbers: number[] = [];
  while (numbers.length < count) numbers.push(...(await reader.read()).value!);
  return numbers;
}

Deno.test("program body sends its opening, then each unit", async () => {
  const { body } = open({ opening: unit(0) });
  const reader = body.stream.getReader();
  assert.deepEqual(await readNumbers(reader, 1), [0]);
  body.put(unit(1));
  body.put(unit(2));
  assert.deepEqual(await readNumbers(reader, 2), [1, 2]);
  assert.equal(body.dropped, 0);
});

Deno.test("program body drops the oldest units for a slow program, and encodes only those it sends", async () => {
  const encoded: number[] = [];
  const encode = (bytes: Uint8Array<ArrayBuffer>) => {
    encoded.push(bytes[0]);
    return bytes;
  };
  const { body } = open({ encode });
  for (let number = 1; number <= 10; number++) body.put(unit(number));
  assert.equal(body.dropped, 7);
  assert.deepEqual(await readNumbers(body.stream.getReader(), 3), [8, 9, 10]);
  assert.deepEqual(encoded, [8, 9, 10]);
});

Deno.test("program body ends once when the program goes away, and takes no more", async () => {
  const { body, ends } = open();
  await body.stream.cancel();
  body.close();
  body.abort("late");
  for (let number = 1; number <= 10; number++) body.put(unit(number));
  assert.deepEqual(ends, [body]);
  assert.equal(body.dropped, 0);
});

Deno.test("program body ends in order when the server closes it", async () => {
  const { body, ends } = open();
  const read = body.stream.getReader().read();
  body.close();
  assert.equal((await read).done, true);
  assert.deepEqual(ends, [body]);
});

Deno.test("program body measures since when nothing was read, but only while something waits", async () => {
  let now = 0;
  const { body } = open({ clock: { monotonic: () => now } });
  now = 5_000;
  assert.equal(body.stalledFor, 0);
  body.put(unit(1));
  now = 8_000;
  assert.equal(body.stalledFor, 3_000);
  await body.stream.getReader().read();
  assert.equal(body.stalledFor, 0);
});

Deno.test("program body has not stalled when several units come after a long time of none", async () => {
  let now = 0;
  const { body } = open({ clock: { monotonic: () => now } });
  const read = body.stream.getReader().read();
  now = 60_000;
  body.put(unit(1));
  body.put(unit(2));
  assert.equal(body.stalledFor, 0);
  assert.deepEqual((await read).value, unit(1));
});

Deno.test("program body forgets what waits, and goes on with what comes next", async () => {
  const { body } = open();
  for (let number = 1; number <= 3; number++) body.put(unit(number));
  body.clear();
  body.put(unit(4));
  assert.deepEqual(await readNumbers(body.stream.getReader(), 1), [4]);
  assert.equal(body.dropped, 0);
});

Deno.test("program body fails once a unit waits too long, if it may not lose any", async () => {
  let now = 0;
  const { body } = open({ capacity: undefined, maxAge: 2_000, clock: { monotonic: () => now } });
  for (let number = 1; number <= 10; number++) body.put(unit(number));
  now = 2_000;
  assert.equal(body.failure, null);
  now = 2_001;
  assert.equal(body.failure, "Dropped: read too slowly, 2 seconds late");
  assert.equal(body.dropped, 0);
  await body.stream.cancel();
  assert.equal(body.failure, null);
});

Deno.test("program body finishes once what waits was read, and takes no more", async () => {
  const { body, ends } = open();
  body.put(unit(1));
  body.finish();
  body.put(unit(2));
  assert.deepEqual(ends, []);
  const reader = body.stream.getReader();
  assert.deepEqual(await readNumbers(reader, 1), [1]);
  assert.equal((await reader.read()).done, true);
  assert.deepEqual(ends, [body]);
});

Deno.test("program body fails and ends once if a unit cannot be encoded", async () => {
  const { body, ends } = open({
    encode: () => {
      throw new RangeError("broken");
    },
  });
  const read = body.stream.getReader().read();
  body.put(unit(1));
  await assert.rejects(read, /broken/);
  assert.deepEqual(ends, [body]);
});

Deno.test("program body forgets the units that are meant", async () => {
  const { body } = open();
  for (let number = 1; number <= 3; number++) body.put(unit(number));
  body.clear((bytes) => bytes[0] === 2);
  assert.deepEqual(await readNumbers(body.stream.getReader(), 2), [1, 3]);
});
