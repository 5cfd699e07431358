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
import { readWallTime, requirePast } from "../replay_query.ts";
import { readStreamQuery, type StreamQuery } from "../stream_query.ts";

/** The source may change its size while a snapshot is made. The last attempt counts in any case. */
const MAX_ATTEMPTS = 3;

/** `/snapshot`: the newest frame as one JPEG, or that of `at`, in the quality, size and filter of the query. */
export function snapshotRoute(
  { snapshots, program, past }: Pick<Viewing, "snapshots" | "program" | "past">,
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

  /** Throws an {@linkcode HttpProblem} if there is no such frame. */
  async function takePast(at: number, { choices, size }: StreamQuery): Promise<Response> {
    const { snapshots } = requirePast(past);
    const { quality = "high", filter = "none" } = choices;
    const taken = await snapshots.take(at, (own) =>
      Rendition.of({
        quality: qualityOf(quality),
        filter,
        scale: fittingScale(own, size ?? {}),
      }));
    if (taken === "busy") throw new HttpProblem(503, explain("server"), { "retry-after": "1" });
    if (!taken) throw new HttpProblem(503, explain("no-frame"), { "retry-after": "1" });
    return jpegResponse(taken.jpeg, taken.at);
  }

  return {
    async GET({ url }) {
      const query = readStreamQuery(url.searchParams);
      const at = readWallTime(url.searchParams);
      if (at !== undefined) return await takePast(at, query);
      const { choices, size } = query;
      const { quality = "high", filter = "none" } = choices;
      const part = await take({ quality: qualityOf(quality), filter }, size ?? {});
      if (!part) {
        throw new HttpProblem(503, explain("no-frame"), { "retry-after": "1" });
      }
      const { jpeg, frame } = part;
      return jpegResponse(jpeg, frame.at, { "x-sequence": String(frame.sequence) });
    },
    HEAD({ url }) {
      readStreamQuery(url.searchParams);
      if (readWallTime(url.searchParams) !== undefined) requirePast(past);
      return new Response(null, {
        headers: { "content-type": "image/jpeg", "cache-control": "no-store" },
      });
    },
  };
}

function jpegResponse(
  jpeg: Uint8Array<ArrayBuffer>,
  at: number,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(sharedBody(jpeg), {
    headers: {
      "content-type": "image/jpeg",
      "content-length": String(jpeg.length),
      "cache-control": "no-store",
      "x-timestamp": (at / 1000).toFixed(6),
      ...headers,
    },
  });
}
