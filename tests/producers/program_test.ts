import assert from "node:assert/strict";
import { Channel } from "../../src/channel/channel.ts";
import { frameOf } from "../../src/media/packet.ts";
import { Program } from "../../src/producers/program.ts";
import { Stream } from "../../src/streams/stream.ts";
import { FORGETFUL_STORE } from "../support/forgetful_store.ts";
import { recordingLog } from "../support/recording_log.ts";

/** A program whose cards are numbered, and what it shows. */
function setUp() {
  const transcoder = { transcode: () => Promise.resolve(null) };
  const camera = new Stream({ name: "camera", transcoder });
  const stream = new Stream({ name: "program", transcoder });
  const log = recordingLog();
  const channel = new Channel({ title: "Tea", offAir: false, store: FORGETFUL_STORE, log });
  let cards = 0;
  const program = new Program({
    camera,
    channel,
    drawCard: () => Promise.resolve(Uint8Array.of(100 + ++cards)),
    log,
  });
  const taken = stream.take(program.packets(), (frame) => program.isDue(frame));
  const shown = async () => {
    await settle();
    return stream.newest?.data[0];
  };
  return { camera, stream, channel, program, taken, shown };
}

/** Lets all promises go on that can. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await null;
}

Deno.test("program keeps the time at which a frame came", async () => {
  const { camera, stream } = setUp();
  camera.publish(Uint8Array.of(1), 1234);
  await settle();
  assert.deepEqual([stream.newest?.at, camera.newest?.at], [1234, 1234]);
});

Deno.test("program draws its card anew while that is shown, and not on air", async () => {
  const { camera, channel, program, shown } = setUp();
  camera.publish(Uint8Array.of(1));
  await program.redrawCard();
  assert.equal(await shown(), 1);
  channel.setOnAir(false);
  await program.follow();
  assert.equal(await shown(), 101);
  await program.redrawCard();
  assert.equal(await shown(), 102);
});

Deno.test("program shows no camera off air, and its newest frame at once on air", async () => {
  const { camera, stream, channel, program, shown } = setUp();
  camera.publish(Uint8Array.of(1), 1000);
  channel.setOnAir(false);
  await program.follow();
  camera.publish(Uint8Array.of(2), 2000);
  assert.equal(await shown(), 101);
  channel.setOnAir(true);
  const before = Date.now();
  await program.follow();
  assert.equal(await shown(), 2);
  assert.ok(stream.newest!.at >= before, "as of now, however old it is");
});

Deno.test("program shows a card of a title only while that is the title", async () => {
  const { channel, program, shown } = setUp();
  channel.setOnAir(false);
  const first = program.follow();
  channel.setTitle("Coffee");
  await Promise.all([first, program.follow()]);
  assert.equal(await shown(), 102);
});

Deno.test("program ends with the camera, and a stream with the program", async () => {
  for (const end of ["camera", "program"] as const) {
    const { camera, program, taken } = setUp();
    if (end === "program") await program.stop();
    else {await camera.take((async function* () {
        yield frameOf(Uint8Array.of(1), 1, 0);
      })());}
    await taken;
  }
});

Deno.test("program drops a frame on its way to viewers when the channel goes off air", async () => {
  for (let turns = 0; turns < 12; turns++) {
    const { camera, stream, channel, program } = setUp();
    camera.publish(Uint8Array.of(1));
    await settle();
    camera.publish(Uint8Array.of(2));
    for (let turn = 0; turn < turns; turn++) await null;
    const before = stream.newest?.data[0];
    channel.setOnAir(false);
    await settle();
    assert.equal(stream.newest?.data[0], before, `after ${turns} turns`);
    await program.stop();
  }
});
