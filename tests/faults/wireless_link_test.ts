import assert from "node:assert/strict";
import { atOnce } from "../support/at_once.ts";
import { openCamera720 } from "../support/camera_720.ts";
import { startProgram } from "../support/program.ts";
import { linkFigures, type LinkRow, watchLink } from "../support/watch_link.ts";
import { canMakeWirelessLinks, type LinkShape, WirelessLink } from "../support/wireless_link.ts";

const SECONDS = 16;
/** Frames before this are not counted. Milliseconds. */
const SETTLE_MS = 8000;

const ignore = !await canMakeWirelessLinks();

// The bounds are loose because a test machine may be busy. `make bench` has the figures.

Deno.test({
  name: "real links with distance, jitter and loss are used, and carry fresh frames",
  ignore,
  async fn(t) {
    await using camera = await openCamera720({ quantiser: 9 });
    const options = [...camera.options, "--host=0.0.0.0", "--congestion=system"];
    await using program = await startProgram(options);
    const watch = async (shape: LinkShape, isPage: boolean): Promise<LinkRow[]> => {
      await using link = await WirelessLink.create(shape);
      return await watchLink(link, { port: program.port, seconds: SECONDS, isPage });
    };
    const figuresOf = (rows: readonly LinkRow[]) => linkFigures(rows, SETTLE_MS, SECONDS * 1000);
    await atOnce(t, {
      "160 ms away, by a program": async () => {
        const { fps, median, kbps } = figuresOf(
          await watch({ rate: "12mbit", delay: 80, jitter: 10, queue: 200 }, false),
        );
        // A controller that takes distance for a queue gives 1 or 2 Mbit/s here.
        assert.ok(kbps >= 5000, `${kbps} kbit/s`);
        assert.ok(fps >= 15 && median <= 350, `${fps} fps, ${median} ms`);
      },
      "1 % loss on Wi-Fi, by a page": async () => {
        const { fps, median, kbps } = figuresOf(
          await watch({ rate: "8mbit", delay: 8, jitter: 5, loss: 1, burst: 3 }, true),
        );
        assert.ok(kbps >= 1500, `${kbps} kbit/s`);
        assert.ok(fps >= 15 && median <= 300, `${fps} fps, ${median} ms`);
      },
    });
  },
});
