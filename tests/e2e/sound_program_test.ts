import assert from "node:assert/strict";
import { SoundEmitter } from "../support/sound_emitter.ts";
import { startTestServer } from "../support/test_server.ts";
import { openPage, sharedChromium } from "./browser.ts";

const browser = sharedChromium(["--autoplay-policy=no-user-gesture-required"]);

/** Returns the loudest sample of what the audio element plays. */
const LOUDEST_SAMPLE = `(async () => {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaElementSource(document.querySelector("audio")).connect(analyser);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const samples = new Float32Array(analyser.fftSize);
  analyser.getFloatTimeDomainData(samples);
  await context.close();
  return Math.max(...samples);
})()`;

for (const path of ["/sound.ogg", "/sound.mp3"]) {
  Deno.test(`an audio element plays ${path}`, async () => {
    const sound = new SoundEmitter();
    await using server = await startTestServer({ sound });
    await using _tone = sound.play();
    await using opened = await openPage(browser);
    const { page } = opened;
    const player = `${server.origin}/player`;
    await page.route(
      player,
      (route) =>
        route.fulfill({ contentType: "text/html", body: `<audio src="${path}" autoplay></audio>` }),
    );
    await page.goto(player);
    await page.waitForFunction("document.querySelector('audio').currentTime > 3");
    const loudest = await page.evaluate<number>(LOUDEST_SAMPLE);
    // The tone has an amplitude of 1/8.
    assert(Math.abs(loudest - 0.125) < 0.02, `${loudest}`);
  });
}
