/**
 * Measures H.264 beside JPEG, each row also for JPEG alone in the same run. Prints Markdown tables, with the targets.
 *
 *     deno run -A tests/bench/video_bench.ts [ssim|encoder|age|browser|links|fall|forty|thousand|unused] [seconds]
 *
 * Without a name: all. The seconds are those that count of each measurement; `ssim` compares whole clips.
 */
import { canMakeLinks } from "../support/slow_link.ts";
import { print } from "./servers.ts";
import { browserCost } from "./video/browser_cost.ts";
import { VIDEO_CLIPS } from "./video/clips.ts";
import { encoderDelay, jpegDelay } from "./video/encoder_delay.ts";
import { fall } from "./video/fall.ts";
import { forty } from "./video/forty.ts";
import { narrowLink } from "./video/narrow_link.ts";
import { paintedAge } from "./video/painted_age.ts";
import { head, milliseconds, percent, row } from "./video/quantiles.ts";
import { bitsAt, similarity, ssimAt } from "./video/similarity.ts";
import { thousand } from "./video/thousand.ts";
import { unused } from "./video/unused.ts";
import { WAYS } from "./video/video_page.ts";

const [only, seconds] = Deno.args;
const secondsOr = (usual: number) => seconds === undefined ? usual : Number(seconds);

/** How many times the bits of H.264 its JPEGs may have without looking better. */
const TIMES = { "hand-held": 1.5, otherwise: 5 } as const;
const CODECS = ["jpeg", "auto"] as const;
const NAMES = { jpeg: "JPEG alone", auto: "with H.264" } as const;

const ROWS: Readonly<Record<string, () => Promise<void>>> = {
  async ssim() {
    print(head(
      ...["clip", "H.264, Mbit/s", "SSIM (luma)", "JPEG: SSIM at as many times the bits"],
      ...["reached", "JPEG needs for the same"],
    ));
    for (const [name, clip] of Object.entries(VIDEO_CLIPS)) {
      const { video, pictures } = await similarity(await clip());
      const times = name === "hand-held" ? TIMES[name] : TIMES.otherwise;
      const rival = ssimAt(pictures, times * video.mbps);
      const bits = bitsAt(pictures, video.ssim) / video.mbps;
      const reached = Number.isNaN(rival) ? "unknown" : video.ssim >= rival ? "yes" : "no";
      const cells = [name, video.mbps, video.ssim.toFixed(4), `${rival.toFixed(4)} at ${times} ×`];
      print(row(...cells, reached, `${bits.toFixed(1)} × the bits`));
    }
  },

  async encoder() {
    print(head(
      ...["clip", "", "median / p99 (12 / 30 ms)", "cores (0.35)"],
      ...["frames encoded", "Mbit/s", "encoders left"],
    ));
    for (const [name, clip] of Object.entries(VIDEO_CLIPS)) {
      const made = await clip();
      const jpeg = await jpegDelay(made);
      const { delay, cores, encoded, mbps, left } = await encoderDelay(made, secondsOr(15));
      const text = milliseconds(jpeg.delay.median, jpeg.delay.p99);
      print(row(name, "JPEG of that look", text, jpeg.cores, "", jpeg.mbps, ""));
      const own = milliseconds(delay.median, delay.p99);
      print(row(name, "H.264", own, cores, percent(encoded), mbps, String(left)));
    }
  },

  async age() {
    print(head(
      ...["loopback", "painted age, median / p99", "target", "fps"],
      ...["join, from the request (300 ms)", "from the first byte", "given H.264"],
    ));
    const targets = { JPEG: "", WebCodecs: "30 / 60 ms", MediaSource: "80 / 120 ms" } as const;
    for (const way of WAYS) {
      const { age, fps, join, first, video } = await paintedAge(way, secondsOr(30));
      const text = milliseconds(age.median, age.p99);
      const times = [milliseconds(join), milliseconds(first)];
      print(row(way, text, targets[way], fps.toFixed(1), ...times, percent(video)));
    }
  },

  async browser() {
    print(head(
      ...["all of Chromium's processes", "cores", "ratio to JPEG (MediaSource: 0.6)"],
      ...["fps", "ms of processor a frame", "given H.264"],
    ));
    let ofJpeg: number | undefined;
    for (const way of WAYS) {
      const { cores, fps, video } = await browserCost(way, secondsOr(20));
      ofJpeg ??= cores;
      const each = 1000 * cores / fps;
      print(row(way, cores, cores / ofJpeg, fps.toFixed(1), each, percent(video)));
    }
  },

  async links() {
    if (!await linksCanBeMade()) return;
    print(head(
      ...["link", "", "fps (30)", "time at full size (all)"],
      ...["age, median / p95 / p99 (150 / 300 ms)", "given H.264"],
    ));
    for (const rate of ["2mbit", "3mbit"]) {
      for (const way of WAYS) {
        const { fps, full, age, video } = await narrowLink(rate, way, secondsOr(25));
        const text = milliseconds(age.median, age.p95, age.p99);
        print(row(rate, way, fps.toFixed(1), percent(full), text, percent(video)));
      }
    }
  },

  async fall() {
    if (!await linksCanBeMade()) return;
    print(head(
      ...["20 → 1 Mbit/s", "longest time older than 500 ms (1000 ms)"],
      ...["fps after 3 s (10)", "age then, median / p99", "at full size", "H.264 shown"],
    ));
    for (const codec of CODECS) {
      const { falling, fallen: { fps, age, full, video } } = await fall(codec, secondsOr(15));
      const text = milliseconds(age.median, age.p99);
      const shares = [percent(full), percent(video)];
      print(row(NAMES[codec], milliseconds(falling.old), fps[0].toFixed(1), text, ...shares));
    }
  },

  async forty() {
    if (!await linksCanBeMade()) return;
    print(head(
      ...["40 sessions, 100 Mbit/s", "at full size (all)", "fps, least / median (28)"],
      ...["age, median / p95 (200 ms)", "H.264 shown", "Mbit/s", "cut"],
    ));
    for (const codec of CODECS) {
      const { full, fps, age, video, kbps, cuts } = await forty(codec, secondsOr(20));
      const rates = `${fps[0].toFixed(1)} / ${fps[fps.length >> 1].toFixed(1)}`;
      const text = milliseconds(age.median, age.p95);
      const last = [percent(video), kbps / 1000, String(cuts)];
      print(row(NAMES[codec], percent(full), rates, text, ...last));
    }
  },

  async thousand() {
    print(head(
      ...["1,000 sessions", "server's cores (1)", "encoder's", "fps, slowest / median (29)"],
      ...["age, median / p99", "Mbit/s each", "lost"],
    ));
    const queries = {
      "JPEG, 2.5 Mbit/s at most": "max_kbps=2500",
      "H.264": "video=h264&codec=h264",
    };
    for (const [name, query] of Object.entries(queries)) {
      const figures = await thousand(query, secondsOr(20));
      if (!figures) return print("No load program is beside the project: nothing to measure");
      const { cores, encoder, fps, age, mbps, lost } = figures;
      const rates = `${fps.min} / ${fps.median}`;
      const text = milliseconds(age.median, age.p99);
      print(row(name, cores, encoder, rates, text, mbps, String(lost)));
    }
  },

  async unused() {
    print(head("one viewer of JPEG", "cores", "peak MiB", "age, median / p99", "encoders"));
    for (const h264 of ["off", "auto", "off", "auto"] as const) {
      const figures = await unused(h264, secondsOr(15));
      if (!figures) return print("No load program is beside the project: nothing to measure");
      const { cores, memory, age, encoders } = figures;
      const text = `${age.median.toFixed(1)} / ${age.p99.toFixed(1)} ms`;
      print(row(`--h264 ${h264}`, cores, memory, text, String(encoders)));
    }
  },
};

async function linksCanBeMade(): Promise<boolean> {
  if (await canMakeLinks()) return true;
  print("Links are not measured: that takes root, and iproute2 (ip and tc)");
  return false;
}

if (only !== undefined && !(only in ROWS)) {
  print(`Unknown row "${only}": ${Object.keys(ROWS).join(", ")}`);
  Deno.exit(2);
}
let failed = false;
for (const [name, measure] of Object.entries(ROWS)) {
  if (only !== undefined && only !== name) continue;
  try {
    await measure();
  } catch (error) {
    // The other rows take long, and are worth having.
    print(`Cannot measure ${name}: ${error instanceof Error ? error.message : error}`);
    failed = true;
  }
  print("");
}
// Browsers that could not be ended must not keep this process.
Deno.exit(failed ? 1 : 0);
