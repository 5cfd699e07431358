/// <reference lib="dom" />
import assert from "node:assert/strict";
import { stateOf } from "../support/requests.ts";
import { until } from "../support/until.ts";
import { sharedChromium } from "./browser.ts";
import { stopAndGoClip } from "./clips.ts";
import { startChannel } from "./test_channel.ts";
import { shownQuality, watchPlaying } from "./watch_page.ts";

const browser = sharedChromium();

interface Client {
  readonly fps: number;
  readonly bitrate: number;
  readonly quality: number | "source";
}

Deno.test("one viewer's Low leaves another viewer's bytes per frame unchanged", async () => {
  // Few, small frames, so that a busy browser is not mistaken for a slow link.
  await using program = await startChannel();
  const first = await watchPlaying(browser, program);
  const second = await watchPlaying(browser, program);

  const clients = async () => {
    const { clients_stat } = (await stateOf(program)).stream;
    return Object.values<Client>(clients_stat);
  };
  const bytesOf = ({ fps, bitrate }: Client) => bitrate / 8 / fps;
  const alike = (a: number, b: number) => Math.abs(a / b - 1) < 0.06;
  const isWhole = ({ quality }: Client) => quality === "source";
  const [one] = await until(
    "both to get the same, and all of it",
    clients,
    (all) => all.length === 2 && all.every(isWhole) && alike(bytesOf(all[0]), bytesOf(all[1])),
  );
  const whole = bytesOf(one);

  await second.page.getByRole("button", { name: "Low" }).click();
  const [, less] = await until(
    "Low for the second alone",
    clients,
    ([still, low]) => isWhole(still) && alike(bytesOf(still), whole) && bytesOf(low) < whole * 0.7,
  );
  assert(bytesOf(less) > 1000, "Low is a picture, too");
  await until("Low", () => shownQuality(second.page), (quality) => quality === 20);
  await until("the other's", () => shownQuality(first.page), (quality) => quality === 100);
  assert.deepEqual([...first.complaints, ...second.complaints], []);
});

Deno.test("Gaming disables the quality buttons, and quality follows motion", async () => {
  await using program = await startChannel(`--source=${await stopAndGoClip()}`, "--fps=30");
  const { page, complaints } = await watchPlaying(browser, program);

  const motion = page.getByRole("meter", { name: "Motion in the picture now" });
  assert(await motion.isHidden(), "it is for Gaming mode");
  await page.getByRole("button", { name: "Gaming" }).click();
  await page.getByText("high while something moves, lower while it is still").waitFor();
  for (const name of ["High", "Medium", "Low"]) {
    assert(await page.getByRole("button", { name }).isDisabled(), `${name} is disabled`);
  }
  assert(await page.getByText("The quality adapts to the motion in the picture").isVisible());
  const quality = () => shownQuality(page);
  // Up to three rounds of the clip: a busy browser is mistaken for a slow link now and then.
  const rounds = { timeout: 18_000 };
  await until("a still picture to have lost quality", quality, (given) => given <= 40, rounds);
  const moved = async () => Number(await motion.getAttribute("aria-valuenow"));
  await until("the motion on the page", moved, (percent) => percent > 10, rounds);
  await until("a moving picture to have won quality", quality, (given) => given >= 90, rounds);
  await until("quality to fall once more", quality, (given) => given <= 40, rounds);

  await page.getByRole("button", { name: "Home" }).click();
  assert(await page.getByRole("button", { name: "Medium" }).isEnabled());
  await until("the chosen quality to be back", quality, (given) => given === 100);
  assert.deepEqual(complaints, []);
});
