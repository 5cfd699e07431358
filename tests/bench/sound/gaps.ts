import { setTimeout as delay } from "node:timers/promises";
import { openCamera720 } from "../../support/camera_720.ts";
import { perceived } from "../../support/sound_probe.ts";
import type { Link } from "../../support/watch_link.ts";
import { stateOf } from "../../support/requests.ts";
import { startTalkingProgram } from "../../support/talking_program.ts";
import { openListeningPage } from "./listening_page.ts";

/** The picture makes room for the sound, and the buffer grows, in this time. Milliseconds. */
const SETTLING_MS = 10_000;
/** Silences this near to each other are one. Milliseconds. */
const ONE_GAP_MS = 500;

export interface Gaps {
  /** Silences of 5 ms and more in a tone, as they came out. */
  readonly silences: number;
  /** The longest. Milliseconds. */
  readonly longest: number;
  /** Interruptions that the page itself counted. */
  readonly counted: number;
  /** From the arrival of a packet to its sound, at the end. Milliseconds. */
  readonly buffered: number;
}

/** Listens to a tone beside a 720p30 picture of about 16 Mbit/s, and counts the gaps. */
export async function gaps(seconds: number, link?: Link): Promise<Gaps> {
  await using camera = await openCamera720({ quantiser: 9 });
  await using talking = await startTalkingProgram([...camera.options, "--host=0.0.0.0"]);
  const { program } = talking;
  await using listening = await openListeningPage(program.port, link);
  await delay(SETTLING_MS);
  const from = Date.now(), before = (await perceived(listening.page)).heard!.gaps;
  await delay(seconds * 1000);
  const { silences, heard } = await perceived(listening.page);
  const { sound } = await stateOf(program);
  if (sound.state !== "on") throw new Error(`The sound is ${sound.state}`);
  const since = silences.filter(({ at }) => at >= from);
  const separate = since.filter(({ at }, i) => i === 0 || at - since[i - 1].at > ONE_GAP_MS);
  return {
    silences: separate.length,
    longest: Math.round(Math.max(0, ...since.map(({ ms }) => ms))),
    counted: heard!.gaps - before,
    buffered: heard!.buffered,
  };
}
