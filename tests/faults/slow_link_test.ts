import assert from "node:assert/strict";
import { atOnce } from "../support/at_once.ts";
import { openCamera720 } from "../support/camera_720.ts";
import { startProgram } from "../support/program.ts";
import { canMakeLinks, type LinkRate, SlowLink } from "../support/slow_link.ts";
import { linkFigures, type LinkRow, watchLink } from "../support/watch_link.ts";

/** Frames before this are not counted. Milliseconds. */
const SETTLE_MS = 3000;

/** How long each link is watched. */
const SECONDS = 14;

/** Slow links require root and iproute2's `ip` and `tc`. */
const ignore = !await canMakeLinks();

// The bounds are loose because a test machine may be busy. `make bench` has the figures.

Deno.test({
  name: "real slow links carry fresh frames of a 16 Mbit/s stream",
  ignore,
  async fn(t) {
    await using camera = await openCamera720({ quantiser: 9 });
    await using program = await startProgram([...camera.options, "--host=0.0.0.0"]);
    const watch = async (rate: LinkRate): Promise<LinkRow[]> => {
      await using link = await SlowLink.create(rate);
      return await watchLink(link, { port: program.port, seconds: SECONDS });
    };
    await atOnce(t, {
      "link of 5 Mbit/s": async () => {
        const rows = await watch("5mbit");
        const { fps, median, p99, kbps } = linkFigures(rows, SETTLE_MS, SECONDS * 1000);
        const figures = JSON.stringify({ fps, median, p99, kbps });
        assert.ok(fps >= 15, figures);
        assert.ok(median <= 300, figures);
        assert.ok(p99 <= 1200, figures);
        assert.ok(kbps <= 5000, figures);
        assert.ok(rows.at(-1)!.quality !== "source", figures);
      },
      "link of 500 kbit/s shows at least two frames a second": async () => {
        const rows = await watch("500kbit");
        // The first frame, at the camera's own size, alone takes a second on this link.
        const { fps, median } = linkFigures(rows, 2 * SETTLE_MS, SECONDS * 1000);
        assert.ok(fps >= 2, `${fps} frames a second`);
        assert.ok(median <= 800, `${median} ms old`);
      },
    });
  },
});
