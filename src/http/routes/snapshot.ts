import { explain } from "../../channel/explanation.ts";
import { fittingScale, type SizeLimit } from "../../streams/fitting_scale.ts";
import type { Part } from "../../media/multipart.ts";
import { sharedBody } from "../../net/connections/metered_body.ts";
import { type Filter, type Quality, Rendition } from "../../media/rendition.ts";
import { pictureSize } from "../../media/jpeg/size.ts";
import { qualityOf } from "../../consumers/session/choices.ts";
import { HttpProblem } from "../problem.ts";
import type { Handlers } from "../route.ts";
import type { Viewing } from "../route_parts.ts";
import { readStreamQuery } from "../stream_query.ts";

/** The source may change its size while a snapshot is made. The last attempt counts in any case. */
const MAX_ATTEMPTS = 3;

/** `/snapshot`: the newest frame as one JPEG, in the quality, size and filter of the query. */
export function snapshotRoute(
  { snapshots, program }: Pick<Viewing, "snapshots" | "program">,
): Handlers {
  async function take(
    wanted: { readonly quality: Quality; readonly filter: Filter },
    limit: SizeLimit,
  ): Promise<Part | null> {
    let scale = fittingScale(program.size, limit);
    for (let attempt = 1;; attempt++) {
      const part = await snapshots.take(Rendition.of({ ...wanted, scale }));
      if (!part || attempt === MAX_ATTEMPTS) return part;
      const fitting = fittingScale(pictureSize(part.frame.data), limit);
      if (fitting === scale) return part;
      scale = fitting;
    }
  }

  return {
    async GET({ url }) {
      const { choices, size } = readStreamQuery(url.searchParams);
      const { quality = "high", filter = "none" } = choices;
      const part = await take({ quality: qualityOf(quality), filter }, size ?? {});
      if (!part) {
        throw new HttpProblem(503, explain("no-frame"), { "retry-after": "1" });
      }
      return new Response(sharedBody(part.jpeg), {
        headers: {
          "content-type": "image/jpeg",
          "content-length": String(part.jpeg.length),
          "cache-control": "no-store",
          "x-timestamp": (part.frame.at / 1000).toFixed(6),
          "x-sequence": String(part.frame.sequence),
        },
      });
    },
    HEAD({ url }) {
      readStreamQuery(url.searchParams);
      return new Response(null, {
        headers: { "content-type": "image/jpeg", "cache-control": "no-store" },
      });
    },
  };
}
