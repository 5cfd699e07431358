import { sharedBody } from "../../connections/metered_body.ts";
import { SOURCE } from "../../frame.ts";
import { QUALITY_OF } from "../../viewers/settings.ts";
import { readChoices } from "../choices.ts";
import { HttpProblem } from "../problem.ts";
import type { Route } from "../router.ts";
import type { Services } from "../services.ts";

/** `/snapshot`: the newest frame as one JPEG, in the `quality` and `filter` of the query. */
export function snapshotRoute({ snapshots }: Pick<Services, "snapshots">): Route {
  return {
    async GET({ url }) {
      const { quality = "high", filter = "none" } = readChoices(
        Object.fromEntries(url.searchParams),
      );
      const part = await snapshots.take({ ...SOURCE, quality: QUALITY_OF[quality], filter });
      if (!part) {
        throw new HttpProblem(503, "Try again: no frame has come from the camera yet", {
          "retry-after": "1",
        });
      }
      return new Response(sharedBody(part.jpeg), {
        headers: {
          "content-type": "image/jpeg",
          "content-length": String(part.jpeg.length),
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
