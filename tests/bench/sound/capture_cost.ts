import { setTimeout as delay } from "node:timers/promises";
import { childrenRunning } from "../../support/children_running.ts";
import { healthOf } from "../../support/process_health.ts";
import { SoundListener } from "../../support/sound_listener.ts";
import { startTalkingProgram } from "../../support/talking_program.ts";

/** Returns the cores that ffmpeg takes to capture and encode the sound of a microphone. */
export async function captureCost(seconds: number): Promise<number> {
  await using talking = await startTalkingProgram(["--source=test"]);
  const { program } = talking;
  await using page = await SoundListener.open(program);
  page.listen(true);
  await page.hears(100, 20_000);
  const [pid] = await childrenRunning(program.pid, /opus/);
  const before = (await healthOf(pid)).cpu;
  await delay(seconds * 1000);
  return ((await healthOf(pid)).cpu - before) / seconds;
}
