import assert from "node:assert/strict";
import { SoundStage } from "../../../support/sound_stage.ts";

Deno.test("sound packets carry the time when their sound was captured", async () => {
  await using stage = await SoundStage.create();
  // The pipe that stands for the microphone is read 4 KiB at a time: 3 ms of eight channels.
  await using microphone = await stage.pulse.plugIn({ channels: 8 });
  stage.switcher.isWanted = true;
  const start = Date.now();
  microphone.feed((seconds) => seconds > 2 && seconds % 0.7 < 0.2 ? Math.sin(seconds * 6_000) : 0);
  await stage.hear(350, 15_000);
  // A packet of silence has less than ten bytes, one of the beep more than a hundred.
  const loud = (i: number) => stage.packets[i].data.length > 90;
  const onsets = stage.packets.flatMap(({ at }, i) => i > 0 && loud(i) && !loud(i - 1) ? [at] : []);
  const errors = onsets.map((at) => {
    const cycle = (at - start) % 700;
    return cycle > 350 ? cycle - 700 : cycle;
  }).sort((one, other) => one - other);
  assert(errors.length >= 4, `${errors}`);
  const median = errors[errors.length >> 1];
  assert(Math.abs(median) < 40, `${errors}`);
});
