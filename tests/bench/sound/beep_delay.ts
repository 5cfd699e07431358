import { setTimeout as delay } from "node:timers/promises";
import { perceived } from "../../support/sound_probe.ts";
import { startTalkingProgram } from "../../support/talking_program.ts";
import { type Quantiles, quantiles } from "./quantiles.ts";
import { openListeningPage } from "./listening_page.ts";

/** Beeps come this often, as a page may hold the sound for a late picture, and each lasts so long. Seconds. */
const PERIOD = 3, LENGTH = 0.1;
/** The page's buffer settles in this time. Seconds. */
const SETTLING = 10;

export interface BeepDelays {
  /** From a beep into the microphone until it comes out of the browser, the device's latency included. Milliseconds. */
  readonly delay: Quantiles;
  /** The device's latency, as the browser says. Milliseconds. */
  readonly device: number;
}

/** Measures the delay from the microphone to the loudspeaker. */
export async function beepDelays(seconds: number): Promise<BeepDelays> {
  let begun = 0;
  await using talking = await startTalkingProgram(["--source=test"], (at) => {
    begun ||= Date.now();
    return at % PERIOD < LENGTH ? 0.5 * Math.sin(2 * Math.PI * 1000 * at) : 0;
  });
  await using listening = await openListeningPage(talking.program.port);
  await delay(SETTLING * 1000);
  const from = Date.now();
  await delay(seconds * 1000);
  const { beeps, latency } = await perceived(listening.page);
  const delays = beeps.filter((at) => at >= from).map((at) => (at - begun) % (PERIOD * 1000));
  return { delay: quantiles(delays), device: latency };
}
