import type { Part } from "../../broadcast/multipart.ts";
import { type Rendition, SOURCE } from "../../frame.ts";
import { QUALITY_OF } from "../../viewers/settings.ts";
import { readChoices } from "../choices.ts";
import { HttpProblem } from "../problem.ts";
import type { Route } from "../router.ts";
import type { Services } from "../services.ts";

/** Long enough for the slowest codec and a camera that has just gone. Milliseconds. */
const PATIENCE_MS = 5000;

/** `/snapshot`: the newest frame as one JPEG, in the `quality` and `filter` of the query. */
export function snapshotRoute({ hub }: Pick<Services, "hub">): Route {
  return {
    async GET({ url }) {
      const { quality = "high", filter = "none" } = readChoices(
        Object.fromEntries(url.searchParams),
      );
      const part = await nextPart(hub, { ...SOURCE, quality: QUALITY_OF[quality], filter });
      if (!part) {
        throw new HttpProblem(503, "Try again: no frame has come from the camera yet", {
          "retry-after": "1",
        });
      }
      return new Response(part.jpeg, {
        headers: {
          "content-type": "image/jpeg",
          "cache-control": "no-store",
          "x-timestamp": (part.frame.capturedAt / 1000).toFixed(6),
          "x-sequence": String(part.frame.sequence),
        },
      });
    },
    HEAD: () =>
      new Response(null, {
        headers: { "content-type": "image/jpeg", "cache-control": "no-store" },
      }),
  };
}

/** The newest frame in one rendition; `null` when none comes in time. */
function nextPart(hub: Services["hub"], rendition: Rendition): Promise<Part | null> {
  return new Promise((resolve) => {
    const settle = (part: Part | null) => {
      clearTimeout(timer);
      hub.leave(consumer);
      resolve(part);
    };
    const consumer = { followsMotion: false, wants: () => rendition, deliver: settle };
    const timer = setTimeout(settle, PATIENCE_MS, null);
    hub.join(consumer);
  });
}
