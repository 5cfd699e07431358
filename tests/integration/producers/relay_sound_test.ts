import assert from "node:assert/strict";
import { OggReader } from "../../../src/media/ogg/reader.ts";
import { PRE_SKIP } from "../../../src/media/ogg/writer.ts";
import type { TimedPacket } from "../../../src/producers/sound/sound_input.ts";
import { flashBeepClip } from "../../support/flash_beep_clip.ts";
import { beepTimes, flashTimes, lipOffsets } from "../../support/lip_sync.ts";
import { type Program, startProgram } from "../../support/program.ts";
import { SettableClock } from "../../support/settable_clock.ts";
import { StreamClient } from "../../support/stream_client.ts";
import { until } from "../../support/until.ts";

/** How near beeps are to their flashes at a relay. Milliseconds. */
const MAX_OFFSET_MS = 100;
const SECONDS = 8;

/** Returns the sound of a program, with the times of the camera. */
async function listen({ origin }: Program, seconds: number): Promise<TimedPacket[]> {
  const response = await fetch(`${origin}/sound.ogg?times=1`);
  assert.equal(response.status, 200);
  const ogg = new OggReader(true);
  const packets: TimedPacket[] = [];
  for await (const chunk of response.body!) {
    for (const { data, granule, samples } of ogg.push(chunk)) {
      packets.push({ data, duration: samples / 48, at: (granule - samples - PRE_SKIP) / 48 });
    }
    if (packets.length >= seconds * 50) break;
  }
  return packets;
}

/** Returns how much later than its flash each beep is. */
async function offsetsAt(program: Program): Promise<number[]> {
  await using client = await StreamClient.open(`${program.origin}/stream`);
  const packets = await listen(program, SECONDS);
  const frames = client.parts.map(({ at, age, jpeg }) => ({
    at: performance.timeOrigin + at - age,
    data: jpeg,
  }));
  return lipOffsets(await flashTimes(frames), await beepTimes(packets));
}

for (
  const [name, seconds] of [["a relay's sound is in step with its picture", 0], [
    "a relay's sound is in step where the clocks differ by an hour",
    3600,
  ]] as const
) {
  Deno.test(name, async (t) => {
    const clip = await flashBeepClip("mkv", 30);
    await using clock = await SettableClock.create();
    await clock.set(seconds);
    const { environment: env } = clock;
    const args = [`--source=${clip}`, "--sound=auto", "--resolution=320x240"];
    await using first = await startProgram(args, { env });
    await using relay = await startProgram([`--source=${first.origin}/stream`, "--sound=auto"]);
    for (const program of [first, relay]) {
      const isOn = () => program.output().includes("The sound is on");
      await until(`sound at ${program.origin}`, isOn, Boolean, { timeout: 60_000 });
    }
    for (const [place, program] of [["first program", first], ["relay", relay]] as const) {
      await t.step(`at the ${place}`, async () => {
        const offsets = await offsetsAt(program);
        assert.ok(offsets.length >= 2, `${offsets}`);
        assert.ok(offsets.every((offset) => Math.abs(offset) <= MAX_OFFSET_MS), `${offsets}`);
      });
    }
  });
}
