import assert from "node:assert/strict";
import { Kicks } from "../../src/audience/kicks.ts";
import { PlayingPrograms } from "../../src/audience/playing_programs.ts";
import { Seats } from "../../src/audience/seats.ts";
import { ProgramBody } from "../../src/consumers/program_body.ts";
import { recordingLog } from "../support/recording_log.ts";

function setUp() {
  let now = 0;
  const clock = { monotonic: () => now, wall: () => now };
  const kicks = new Kicks(clock);
  const seats = new Seats({ total: 3, perAddress: 2 });
  const programs = new PlayingPrograms({ seats, kicks, log: recordingLog() });
  const cut: string[] = [];
  const kernel = { unsent: 0 };
  const admit = (client: string, id: string | null = null, device = "VLC") =>
    programs.admit(
      {
        id,
        client,
        device,
        plays: client === "b" ? "video" : "sound",
        unsent: () => kernel.unsent,
        onCut: () => cut.push(client),
      },
      (onEnd) => new ProgramBody({ encode: (bytes) => bytes, capacity: 2, onEnd, clock }),
    );
  const admitted = (...one: Parameters<typeof admit>) => {
    const body = admit(...one);
    assert(body instanceof ProgramBody);
    return body;
  };
  return {
    programs,
    kicks,
    kernel,
    seats,
    cut,
    admit,
    admitted,
    tickAt: (time: number) => {
      now = time;
      programs.tick();
    },
  };
}

Deno.test("playing programs take seats, and give them back", () => {
  const { programs, admit, admitted } = setUp();
  const first = admitted("a");
  admitted("a");
  assert.equal(admit("a"), "address full");
  admitted("b");
  assert.equal(admit("c"), "full");
  assert.deepEqual([programs.count, programs.countOf("sound"), programs.countOf("video")], [
    3,
    2,
    1,
  ]);
  first.close();
  assert.equal(programs.has(first), false);
  admitted("a");
  programs.close();
  assert.equal(programs.count, 0);
});

Deno.test("playing programs of a kicked viewer end, and no others", () => {
  const { programs, kicks, admitted, tickAt } = setUp();
  const [kicked, other] = [admitted("a", "anna"), admitted("a", "ben")];
  kicks.add({ id: "anna", client: "a", device: "VLC" });
  tickAt(0);
  assert.deepEqual([kicked, other].map((body) => programs.has(body)), [false, true]);
});

Deno.test("playing programs of a viewer end on request, but none without a cookie", () => {
  const { programs, admitted } = setUp();
  const [anna, ben, vlc] = [admitted("a", "anna"), admitted("a", "ben"), admitted("b")];
  programs.end((id) => id === "anna");
  assert.deepEqual([anna, ben, vlc].map((body) => programs.has(body)), [false, true, true]);
});

Deno.test("playing programs that read nothing for 10 seconds are cut, and what they lost counts", () => {
  const { programs, cut, admitted, tickAt } = setUp();
  const body = admitted("a");
  for (let count = 0; count < 5; count++) body.put(new Uint8Array(1));
  tickAt(9_999);
  assert.equal(programs.count, 1);
  assert.equal(programs.dropped, 3);
  tickAt(10_000);
  assert.equal(programs.count, 0);
  assert.deepEqual(cut, ["a"]);
  assert.equal(programs.dropped, 3);
});

Deno.test("playing programs get nothing while the kernel holds half a second for them", async () => {
  const { kernel, admitted, tickAt } = setUp();
  const body = admitted("a");
  const reader = body.stream.getReader();
  const first = reader.read();
  kernel.unsent = 6_001;
  tickAt(0);
  for (let number = 1; number <= 3; number++) body.put(Uint8Array.of(number));
  assert.equal(body.dropped, 1);
  kernel.unsent = 6_000;
  tickAt(250);
  assert.deepEqual((await first).value, Uint8Array.of(2));
  await reader.cancel();
});

Deno.test("playing programs count the bits that they are sent", async () => {
  const { programs, admitted, tickAt } = setUp();
  const readers = [admitted("a"), admitted("b")].map((body) => {
    const reader = body.stream.getReader();
    return { body, reader };
  });
  assert.equal(programs.bits, 0);
  for (let now = 0; now < 4_000; now += 100) {
    tickAt(now);
    for (const { body, reader } of readers) {
      const read = reader.read();
      body.put(new Uint8Array(1_000));
      await read;
    }
  }
  assert.ok(Math.abs(programs.bits - 160_000) < 20_000, `${programs.bits}`);
  programs.close();
  assert.equal(programs.bits, 0);
});
