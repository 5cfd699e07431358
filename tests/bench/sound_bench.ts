/**
 * Measures the sound: how late it comes, whether it is in step with the picture, whether it has gaps, and what it
 * costs. Prints Markdown tables. `sound_bench.ts lip 1` runs one row, and the clip for a minute.
 */
import { canMakeLinks, SlowLink } from "../support/slow_link.ts";
import { canMakeWirelessLinks, WirelessLink } from "../support/wireless_link.ts";
import { print } from "./servers.ts";
import { beepDelays } from "./sound/beep_delay.ts";
import { captureCost } from "./sound/capture_cost.ts";
import { crowd } from "./sound/crowd.ts";
import { type Gaps, gaps } from "./sound/gaps.ts";
import { lipOffsets } from "./sound/lip_offset.ts";

const BEEP_SECONDS = 90;
const LIP_MINUTES = 10;
const GAP_SECONDS = 120;
const CROWD_SECONDS = 15;
const CAPTURE_SECONDS = 20;
const LISTENERS = 400;

const [only, minutes = LIP_MINUTES] = Deno.args;

const ROWS: Readonly<Record<string, () => Promise<void>>> = {
  async beep() {
    const { delay: { median, p95, count }, device } = await beepDelays(BEEP_SECONDS);
    print("| beep to output, median / p95 | of it the device | beeps |");
    print("| --- | --- | --- |");
    print(`| ${median} / ${p95} ms | ${Math.round(device)} ms | ${count} |`);
  },
  async lip() {
    const { offset: { median, p5, p95, count }, within, unheard } = await lipOffsets(
      Number(minutes),
    );
    print("| lip offset, 5 % / median / 95 % | within ± 60 ms | flashes, unheard |");
    print("| --- | --- | --- |");
    print(
      `| ${p5} / ${median} / ${p95} ms | ${(100 * within).toFixed(1)} % | ${
        count + unheard
      }, ${unheard} |`,
    );
  },
  async gaps() {
    print(`| link, ${GAP_SECONDS} s | gaps | longest, ms | counted by the page | buffered |`);
    print("| --- | --- | --- | --- | --- |");
    const row = (name: string, { silences, longest, counted, buffered }: Gaps) =>
      print(`| ${name} | ${silences} | ${longest} | ${counted} | ${buffered} ms |`);
    row("loopback", await gaps(GAP_SECONDS));
    if (await canMakeLinks()) {
      await using link = await SlowLink.create("1mbit");
      row("1 Mbit/s", await gaps(GAP_SECONDS, link));
    }
    if (await canMakeWirelessLinks()) {
      await using link = await WirelessLink.create({ rate: "40mbit", delay: 5, jitter: 60 });
      row("40 Mbit/s, 5 to 65 ms each way", await gaps(GAP_SECONDS, link));
    }
  },
  async crowd() {
    print(`| ${LISTENERS} pages | cores | fps | age, median | packets a second, fewest |`);
    print("| --- | --- | --- | --- | --- |");
    for (const listen of [false, true]) {
      const { cores, fps, age, packets } = await crowd(LISTENERS, listen, CROWD_SECONDS);
      const cells = [listen ? "listen" : "are connected", cores.toFixed(2), fps.toFixed(1)];
      print(`| ${[...cells, `${age} ms`, packets.toFixed(1)].join(" | ")} |`);
    }
  },
  async capture() {
    print("| capture and encode, cores |");
    print("| --- |");
    print(`| ${(await captureCost(CAPTURE_SECONDS)).toFixed(3)} |`);
  },
};

for (const [name, measure] of Object.entries(ROWS)) {
  if (only !== undefined && only !== name) continue;
  await measure();
  print("");
}
