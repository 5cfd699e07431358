import assert from "node:assert/strict";
import { SOURCE } from "../../../src/media/rendition.ts";
import { DEFAULT_CHOICES } from "../../../src/consumers/session/choices.ts";
import { Connection, EVIDENCES, settle, SOURCE_BYTES } from "./connection.ts";

const LOW = SOURCE.with({ quality: 20 });

/** Bytes a second of a link that carries so many megabits. */
const megabits = (bits: number) => bits * 1e6 / 8;

function sequences({ parts }: Connection): number[] {
  return parts.map(({ sequence }) => sequence);
}

Deno.test("session in Home mode wants what they picked", async () => {
  await using connection = new Connection();
  const wanted = (["high", "medium", "low"] as const).map((quality) => {
    connection.choices = { ...DEFAULT_CHOICES, quality };
    return connection.session.decide()?.quality;
  });
  assert.deepEqual(wanted, ["source", 50, 20]);
});

Deno.test("session in Gaming mode wants what follows motion, and cannot pick", async () => {
  await using connection = new Connection();
  const { session } = connection;
  connection.choices = { mode: "gaming", quality: "high", filter: "sepia" };
  assert.equal(session.decide(), SOURCE.with({ quality: 40, filter: "sepia" }));
  connection.gaming = 70;
  assert.equal(session.decide()?.quality, 70);
  assert.equal(session.followsMotion, true);
});

Deno.test("session's stream opens with the boundary and gives the newest frame", async () => {
  await using connection = new Connection();
  [1, 2, 3].forEach((sequence) => connection.deliver(sequence));
  await connection.pass(5);
  assert.equal(connection.opening, "--frame\r\n");
  assert.deepEqual(sequences(connection), [3]);
  assert.equal(connection.session.delivery.dropped, 2);
  assert.equal(connection.session.delivery.quality, "source");
});

Deno.test("session never goes back in time", async () => {
  await using connection = new Connection({ evidence: "page" });
  for (const sequence of [5, 4, 6]) {
    connection.deliver(sequence);
    await connection.pass(150);
  }
  assert.deepEqual(sequences(connection), [5, 6]);
});

Deno.test("session takes a frame again only in the quality they want by now", async () => {
  await using connection = new Connection({ evidence: "page" });
  connection.choices = { ...DEFAULT_CHOICES, quality: "low" };
  for (const [sequence, rendition] of [[1, LOW], [1, SOURCE], [2, LOW], [2, LOW]] as const) {
    connection.session.decide();
    connection.deliver(sequence, rendition);
    await connection.pass(150);
  }
  assert.deepEqual(
    connection.parts.map(({ sequence, quality }) => [sequence, quality]),
    [[1, "20"], [2, "20"], [2, "20"]],
  );
});

Deno.test("session's newest frame wins while their allowance holds the next one back", async () => {
  await using connection = new Connection({ bits: 100_000, evidence: "kernel" });
  connection.deliver(1, SOURCE, 10_000);
  await connection.pass(10);
  for (const sequence of [2, 3, 4]) connection.deliver(sequence);
  // 10 kB are worth 0.8 s, of which a quarter of a second may be used ahead.
  await connection.pass(500);
  assert.deepEqual(sequences(connection), [1]);
  await connection.pass(100);
  assert.deepEqual(sequences(connection), [1, 4]);
  assert.equal(connection.session.delivery.dropped, 2);
});

Deno.test("session is given the second frame when the first one is known to have arrived", async () => {
  await using connection = new Connection({ evidence: "page", capacity: 0 });
  connection.deliver(1, SOURCE, 10_000);
  await connection.pass(10);
  for (const sequence of [2, 3]) connection.deliver(sequence);
  await connection.pass(200);
  assert.deepEqual(sequences(connection), [1]);
  connection.session.traffic.acknowledgePage({ sequence: 1, ago: 0 });
  await settle();
  assert.deepEqual(sequences(connection), [1, 3]);
});

Deno.test("session takes no report of a frame that was not sent for an arrival", async () => {
  await using connection = new Connection({ evidence: "page", capacity: 0 });
  connection.deliver(1, SOURCE, 10_000);
  await connection.pass(10);
  connection.deliver(2);
  connection.session.traffic.acknowledgePage({ sequence: 2, ago: 0 });
  connection.session.traffic.acknowledgePage({ sequence: 99, ago: 0 });
  await connection.pass(100);
  assert.deepEqual(sequences(connection), [1]);
  assert.equal(connection.session.delivery.delay, null);
});

for (const [fps, expected] of [[10, 10], [25, 25], [30, 30], [60, 30], [0.5, 1]]) {
  Deno.test(`session who wants ${fps} of 30 frames a second gets about ${expected}`, async () => {
    await using connection = new Connection({ fps });
    const { time, session } = connection;
    let taken = 0;
    for (let sequence = 1; sequence <= 30; sequence++) {
      time.tick(1000 / 30 + (sequence % 3 - 1) * 4);
      if (!session.decide()) continue;
      connection.deliver(sequence);
      taken++;
    }
    assert.ok(Math.abs(taken - expected) <= 1, `${taken}`);
  });
}

for (const bits of [300_000, 1_000_000, 3_000_000, 8_000_000]) {
  for (const evidence of EVIDENCES) {
    Deno.test(`session who wants at most ${bits} bit/s gets no more, by ${evidence}`, async () => {
      await using connection = new Connection({ bits, evidence });
      await connection.run(2_000);
      await connection.run(8_000);
      const received = connection.bitsSince(2_000);
      assert.ok(received <= 1.05 * bits, `${received} bit/s`);
      assert.ok(received >= 0.6 * bits, `${received} bit/s`);
      const { why, kbps } = connection.session.delivery;
      assert.equal(why, "chosen");
      assert.ok(kbps <= 1.1 * bits / 1000, `${kbps} kbit/s reported`);
      // Never more than a quarter of a second's worth and a frame ahead.
      for (let from = 2_000; from < 9_000; from += 250) {
        const some = connection.parts.filter(({ at }) => at >= from && at < from + 1_000);
        const sum = some.reduce((bytes, part) => bytes + part.bytes.length, 0) * 8;
        assert.ok(sum < 1.25 * bits + 8 * SMALLEST_BYTES, `${sum} bits in a second`);
      }
    });
  }
}

/** The smallest rendition, which is sent however little is allowed. */
const SMALLEST_BYTES = 6_000;

Deno.test("session's padding is behind the picture, counted, and only theirs", async () => {
  const capacity = megabits(5);
  await using connection = new Connection({ evidence: "kernel", capacity });
  await connection.run(20_000);
  const pictureOf = ({ bytes, length }: { bytes: Uint8Array; length: number }) => {
    const head = new TextDecoder("latin1").decode(bytes.subarray(0, 300)).indexOf("\r\n\r\n") + 4;
    assert.equal(bytes.length, head + length + "\r\n--frame\r\n".length);
    // The test's pictures are all ones.
    const zero = bytes.subarray(head, head + length).indexOf(0);
    const picture = zero === -1 ? length : zero;
    assert.ok(bytes.subarray(head + picture, head + length).every((byte) => byte === 0));
    return picture;
  };
  const paddings = connection.parts.map((part) => part.length - pictureOf(part));
  assert.ok(paddings.some((padding) => padding > 0));
  assert.ok(paddings.filter((padding) => padding > 0).length < 0.5 * paddings.length);
});

for (const evidence of EVIDENCES) {
  Deno.test(`session that reads nothing is seen to stall, by ${evidence}`, async () => {
    await using connection = new Connection({ evidence, buffer: 100_000 });
    await connection.run(3_000);
    assert.ok(
      connection.session.traffic.stalledFor < 500,
      `${connection.session.traffic.stalledFor} ms`,
    );
    connection.capacity = 0;
    await connection.run(9_000);
    assert.ok(
      connection.session.traffic.stalledFor < 9_500,
      `${connection.session.traffic.stalledFor} ms`,
    );
    // A page that falls silent is believed for a while before others are asked.
    await connection.run(evidence === "page" ? 4_000 : 1_500);
    assert.ok(
      connection.session.traffic.stalledFor >= 10_000,
      `${connection.session.traffic.stalledFor} ms`,
    );
  });

  Deno.test(`session that reads 20 kB a second does not stall, by ${evidence}`, async () => {
    await using connection = new Connection({ evidence, capacity: 20_000, buffer: 100_000 });
    let longest = 0;
    for (let i = 0; i < 150; i++) {
      await connection.run(200);
      longest = Math.max(longest, connection.session.traffic.stalledFor);
    }
    assert.ok(longest < 8_000, `${longest} ms`);
    assert.ok(
      connection.session.delivery.dropped > 100,
      `${connection.session.delivery.dropped} dropped`,
    );
  });

  Deno.test(`session to whom nothing is sent does not stall, by ${evidence}`, async () => {
    await using connection = new Connection({ evidence });
    await connection.pass(20_000);
    assert.ok(connection.session.traffic.stalledFor < 500);
    await connection.run(2_000);
    await connection.pass(20_000);
    assert.ok(
      connection.session.traffic.stalledFor < 500,
      `${connection.session.traffic.stalledFor} ms`,
    );
  });
}

Deno.test("session of a shared connection stalls when its body is not asked for more, whatever arrives", async () => {
  for (const isShared of [true, false]) {
    await using connection = new Connection({ isShared, capacity: 0 });
    for (let second = 1; second <= 15; second++) {
      await connection.run(1_000);
      const { session, time } = connection;
      session.traffic.acknowledgeByKernel(
        { queued: 0, unsent: 0, acknowledged: second * 1_000_000 },
        time.now,
      );
    }
    assert.equal(connection.session.traffic.stalledFor > 10_000, isShared);
  }
});

Deno.test("session of a shared connection stalls when nothing arrives, though the kernel has room for more", async () => {
  await using connection = new Connection({ isShared: true, evidence: "kernel", buffer: 4 << 20 });
  await connection.run(3_000);
  assert.ok(
    connection.session.traffic.stalledFor < 500,
    `${connection.session.traffic.stalledFor} ms`,
  );
  connection.capacity = 0;
  await connection.run(11_000);
  assert.ok(
    connection.session.traffic.stalledFor >= 10_000,
    `${connection.session.traffic.stalledFor} ms`,
  );
});

Deno.test("session counts what is written as it goes over the wire, in chunks", async () => {
  await using connection = new Connection({ evidence: "kernel" });
  for (const [i, bytes] of [10, 5_000, 70_000].entries()) {
    connection.deliver(i + 1, SOURCE, bytes);
    await connection.pass(200);
  }
  assert.equal(connection.parts.length, 3);
  // RFC 9112 section 7.1: the size in hexadecimal digits and two line ends are around each.
  const chunks = connection.parts.map(({ bytes: { length } }) => `${length.toString(16)}\r\n\r\n`);
  const bytes = connection.parts.map((part) => part.bytes.length);
  const sum = bytes.reduce((a, b) => a + b) + chunks.join("").length;
  assert.equal(connection.session.traffic.written, sum);
});

Deno.test("session that reads nothing from the first is seen to stall", async () => {
  for (const evidence of EVIDENCES) {
    await using connection = new Connection({ evidence, capacity: 0 });
    // Without a kernel to ask, what it still takes from the body looks like an arrival.
    await connection.run({ kernel: 10_500, pull: 12_000, page: 15_000 }[evidence]);
    assert.ok(connection.session.traffic.stalledFor > 10_000, evidence);
    const bytes = connection.parts.reduce((sum, part) => sum + part.bytes.length, 0);
    assert.ok(bytes < 200_000 + 2 * SOURCE_BYTES, `${bytes} bytes`);
  }
});

Deno.test("session's delivery says what is given and that it was chosen", async () => {
  await using connection = new Connection({ evidence: "page" });
  connection.choices = { ...DEFAULT_CHOICES, quality: "low" };
  await connection.run(4_000);
  const { fps, kbps, delay, dropped, ...rest } = connection.session.delivery;
  assert.deepEqual(rest, { codec: "jpeg", quality: 20, scale: 1, why: "chosen", changes: 0 });
  // The first frames wait for the first report.
  assert.ok(dropped < 5, `${dropped} dropped`);
  assert.ok(Math.abs(fps - 30) < 2, `${fps}`);
  const expected = connection.ladder.bytesOf(LOW) * 8 * 30 / 1000;
  assert.ok(Math.abs(kbps / expected - 1) < 0.08, `${kbps} of ${expected} kbit/s`);
  assert.ok(delay !== null && delay >= 0 && delay < 200, `${delay} ms`);
});

Deno.test("session's delivery says what is about to be given before anything is", async () => {
  await using connection = new Connection();
  connection.choices = { ...DEFAULT_CHOICES, quality: "medium" };
  assert.deepEqual(connection.session.delivery, {
    codec: "jpeg",
    quality: 50,
    scale: 1,
    why: "chosen",
    fps: 0,
    kbps: 0,
    delay: null,
    dropped: 0,
    changes: 0,
  });
});

Deno.test("session's delivery says motion in Gaming mode", async () => {
  await using connection = new Connection({ evidence: "kernel" });
  connection.choices = { ...DEFAULT_CHOICES, mode: "gaming" };
  await connection.run(1_000);
  const { quality, why } = connection.session.delivery;
  assert.deepEqual([quality, why], [40, "motion"]);
});

Deno.test("session's delivery says chosen where their own limit is in the way, in Gaming mode too", async () => {
  await using connection = new Connection({ evidence: "kernel", bits: 1_000_000 });
  connection.choices = { ...DEFAULT_CHOICES, mode: "gaming" };
  await connection.run(1_000);
  assert.equal(connection.session.delivery.why, "chosen");
  assert.notEqual(connection.session.traffic.loweredFrom, null);
});

Deno.test("session's delivery says uplink where their share is in the way, and counts the change", async () => {
  await using connection = new Connection({ evidence: "kernel", bits: 10_000_000 });
  const { session } = connection;
  await connection.run(4_000);
  const before = session.delivery;
  assert.equal(before.why, "chosen");
  session.traffic.share = 2_000_000;
  await connection.run(3_000);
  const after = session.delivery;
  assert.equal(after.why, "uplink");
  assert.notEqual(session.traffic.loweredFrom, null);
  assert.ok(after.kbps <= 2_100, `${after.kbps} kbit/s`);
  assert.ok(after.changes > before.changes);
  assert.ok(connection.parts.length > 0);
  session.traffic.share = Infinity;
  await connection.run(5_000);
  assert.equal(session.delivery.quality, before.quality);
  assert.equal(session.delivery.why, "chosen");
});

for (const evidence of ["page", "kernel"] as const) {
  Deno.test(`session's delivery says link where that is in the way, by ${evidence}`, async () => {
    await using connection = new Connection({ evidence, capacity: megabits(5), buffer: 1e6 });
    const { session } = connection;
    await connection.run(5_000);
    const { why, kbps, changes, delay } = session.delivery;
    assert.equal(why, "link");
    assert.ok(kbps < 5_750, `${kbps} kbit/s`);
    assert.ok(changes > 0);
    assert.ok(delay !== null && delay < 300, `${delay} ms`);
    connection.capacity = Infinity;
    await connection.run(12_000);
    assert.deepEqual([session.delivery.quality, session.delivery.why], ["source", "chosen"]);
    assert.ok(session.delivery.changes > changes);
  });
}

Deno.test("session whose device is slow to paint knows the delay, and is given no less", async () => {
  await using connection = new Connection({ evidence: "page", paintTakes: 150 });
  await connection.run(6_000);
  const { quality, why, delay, changes, fps } = connection.session.delivery;
  assert.deepEqual([quality, why, changes], ["source", "chosen", 0]);
  assert.ok(delay !== null && delay >= 150 && delay < 250, `${delay} ms`);
  assert.ok(fps > 29, `${fps}`);
});

Deno.test("session who chooses anew changes nothing that is counted", async () => {
  await using connection = new Connection({ evidence: "page" });
  for (const quality of ["low", "high", "medium"] as const) {
    connection.choices = { ...DEFAULT_CHOICES, quality };
    await connection.run(500);
  }
  assert.equal(connection.session.delivery.changes, 0);
  assert.equal(connection.parts.at(-1)!.quality, "50");
});

Deno.test("session's need is what they chose, at the frames and bits a second they want", async () => {
  const demand = async (options: { fps?: number; bits?: number }, quality: "high" | "low") => {
    await using connection = new Connection(options);
    connection.choices = { ...DEFAULT_CHOICES, quality };
    return connection.session.traffic.demand;
  };
  const full = await demand({}, "high");
  assert.equal(full, SOURCE_BYTES * 8 * 30);
  assert.ok(await demand({}, "low") < 0.6 * full);
  assert.equal(await demand({ fps: 10 }, "high"), full / 3);
  assert.equal(await demand({ fps: 60 }, "high"), full);
  assert.equal(await demand({ bits: 1_000_000 }, "high"), 1_000_000);
});

Deno.test("session ends once, whoever ends it, and nothing is sent to them any more", async () => {
  for (const end of ["close", "abort", "cancel"] as const) {
    const connection = new Connection({ bits: 100_000 });
    connection.deliver(1, SOURCE, 10_000);
    await connection.pass(10);
    // Waits for their allowance, so that a timer runs.
    connection.deliver(2);
    if (end === "close") connection.session.close();
    else if (end === "abort") connection.session.abort("too slow");
    else await connection[Symbol.asyncDispose]();
    connection.deliver(3);
    await connection.pass(2_000);
    connection.session.close();
    connection.session.abort("again");
    assert.deepEqual(sequences(connection), [1], end);
    assert.equal(connection.ends, 1, end);
    assert.equal(connection.isOver, true, end);
    assert.equal(`${connection.failure}`, end === "abort" ? "Error: too slow" : "undefined");
    await connection[Symbol.asyncDispose]();
  }
});

Deno.test("session's page gets its sound out of the bits that the session wants", async () => {
  await using connection = new Connection({ bits: 1_000_000, evidence: "kernel" });
  connection.session.traffic.reserved = 300_000;
  await connection.run(8000);
  const received = connection.bitsSince(2_000);
  assert.ok(received <= 1.05 * 700_000, `${received} bit/s`);
  assert.ok(received >= 0.6 * 700_000, `${received} bit/s`);
  assert.equal(connection.session.traffic.demand, 700_000);
});

Deno.test("session whose page listens goes on after its link gave nothing for a while", async () => {
  await using connection = new Connection({ evidence: "kernel", capacity: megabits(2) });
  connection.session.traffic.reserved = 80_000;
  await connection.run(4000);
  connection.capacity = 1;
  await connection.run(3000);
  connection.capacity = megabits(2);
  const back = connection.time.now;
  await connection.run(4000);
  const frames = connection.parts.filter(({ at }) => at >= back + 1000).length;
  assert.ok(frames >= 60, `${frames} frames in three seconds`);
});
