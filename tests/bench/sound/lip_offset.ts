import { setTimeout as delay } from "node:timers/promises";
import { flashBeepClip } from "../../support/flash_beep_clip.ts";
import { startProgram } from "../../support/program.ts";
import { perceived } from "../../support/sound_probe.ts";
import { type Quantiles, quantiles } from "./quantiles.ts";
import { openListeningPage } from "./listening_page.ts";

/** What is farther apart does not belong together: flashes come every 2 s. Milliseconds. */
const NEAR_MS = 700;
/** The page comes into step in this time. Milliseconds. */
const SETTLING_MS = 10_000;
/** What viewers do not notice. Milliseconds. */
const TOLERANCE_MS = 60;

export interface LipOffsets {
  /** How much later beeps are heard than flashes are seen. Milliseconds. */
  readonly offset: Quantiles;
  /** The share within ± 60 ms. */
  readonly within: number;
  /** Flashes without a beep. */
  readonly unheard: number;
}

/** Measures the offset between sound and picture of a clip that flashes and beeps. */
export async function lipOffsets(minutes: number): Promise<LipOffsets> {
  const clip = await flashBeepClip("mkv", 20);
  await using program = await startProgram([`--source=${clip}`, "--sound=auto"]);
  await using listening = await openListeningPage(program.port);
  await delay(SETTLING_MS);
  const from = Date.now();
  await delay(minutes * 60_000);
  const { beeps, flashes } = await perceived(listening.page);
  const counted = flashes.filter((at) => at >= from && at < Date.now() - NEAR_MS);
  const offsets = counted.map((flash) => {
    const nearest = beeps.toSorted((a, b) => Math.abs(a - flash) - Math.abs(b - flash))[0];
    return nearest - flash;
  });
  const heard = offsets.filter((offset) => Math.abs(offset) <= NEAR_MS);
  const near = heard.filter((offset) => Math.abs(offset) <= TOLERANCE_MS);
  return {
    offset: quantiles(heard),
    within: near.length / counted.length,
    unheard: counted.length - heard.length,
  };
}
