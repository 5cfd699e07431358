import { z } from "zod";
import type { ClipPermission } from "../../channel/clip_permission.ts";
import { CLIP_RULES } from "../../channel/clip_permission.ts";
import type { Clips } from "../../channel/clips.ts";
import { explain } from "../../channel/explanation.ts";
import type { Outcome } from "../../channel/refusal.ts";
import type { Secret } from "../../channel/secret.ts";
import type { Clip } from "../../consumers/clip/clip.ts";
import type { ClipFormat, ClipState } from "../../live_messages.ts";
import type { ConnectionKeeper } from "../../net/connections/connection_keeper.ts";
import { attachment } from "../attachment.ts";
import type { Call } from "../call.ts";
import { senderOf } from "../identity.ts";
import { readInput, refusedProblem, refuseFor } from "../input.ts";
import { HttpProblem } from "../problem.ts";
import { readText } from "../query.ts";
import { seeOther } from "../relative_path.ts";
import { isForm, readFields } from "../request_body.ts";
import type { Handlers } from "../route.ts";
import { isFromStreamer } from "../streamer.ts";
import { action } from "./admin/action.ts";

/** The latest time that a `Date` can have. Milliseconds since the Unix epoch. */
const MAX_WALL_TIME = 8.64e15;

/** A download waits so long for its first bytes before it is answered. Milliseconds. */
const MAX_WAIT_MS = 10_000;

const TYPES: Readonly<Record<ClipFormat, string>> = {
  mp4: "video/mp4",
  gif: "image/gif",
  webp: "image/webp",
};

/** The status of what is refused, by its code; others get 400, or 429 with a time to wait. */
const STATUS: Readonly<Record<string, number>> = {
  "rewind-off": 409,
  "timelapse-off": 409,
  "clip-empty": 409,
  "clips-off": 403,
  "clips-for-moderators": 403,
  "streamer-only": 403,
  banned: 403,
};

const wallTime = z.number().min(0).max(MAX_WALL_TIME);
const format = z.enum(["mp4", "gif", "webp"]).default("mp4");

const lapse = z.object({ timelapse: z.coerce.number().min(10).max(120) });
const last = z.object({ seconds: z.coerce.number().min(1).max(60), format });
const span = z.object({ from: wallTime, to: wallTime, format })
  .refine(({ from, to }) => to > from, { path: ["to"], message: "later than from" });
const named = z.object({ id: z.string().max(64) });

/** `/clips` and what is below: makes clips, and gives them to those who asked for them. */
export function clipRoutes(
  clips: Clips,
  streamerToken: Secret,
  connections: Pick<ConnectionKeeper, "hold">,
): Readonly<Record<string, Handlers>> {
  function find(call: Call) {
    const id = readText(call.url.searchParams, "id") ?? "";
    const found = clips.find(senderOf(call), id);
    if (!found) throw new HttpProblem(404, explain("no-such-clip"));
    return found;
  }
  return {
    "/clips": {
      GET: (call) => json(clips.stateOf(find(call).clip)),
      async POST(call) {
        const { request, capacityKey } = call;
        const fields = await readFields(request);
        const isStreamer = isFromStreamer(call, streamerToken);
        const begun = ask(clips, { viewer: senderOf(call), capacityKey, isStreamer }, fields);
        if ("refused" in begun) throw problemOf(begun.refused);
        if (isForm(request)) return seeOther(call, `/clips/file?id=${begun.id}`);
        return json(begun, 202);
      },
    },
    "/clips/file": {
      async GET(call) {
        const { clip, name } = find(call);
        const body = clip.open();
        connections.hold(call.request, () => body.isTaken);
        // So that a page without JavaScript is told of a failure. Later on, the client's leaving must be noticed.
        await begunInTime(clip);
        const { problem, state } = clips.stateOf(clip);
        if (problem) {
          await body.stream.cancel();
          throw new HttpProblem(503, problem);
        }
        return new Response(body.stream, {
          headers: {
            "content-type": TYPES[clip.format],
            "content-disposition": attachment(name),
            "cache-control": "no-store",
            ...(state === "ready" && { "content-length": String(clip.bytes) }),
          },
        });
      },
      HEAD(call) {
        const { clip, name } = find(call);
        return new Response(null, {
          headers: {
            "content-type": TYPES[clip.format],
            "content-disposition": attachment(name),
            "cache-control": "no-store",
          },
        });
      },
    },
    "/clips/cancel": {
      async POST(call) {
        const { id } = readInput(named, await readFields(call.request));
        if (!clips.cancel(senderOf(call), id)) throw new HttpProblem(404, explain("no-such-clip"));
        return Response.json({ ok: true });
      },
    },
  };
}

const change = z.object({ who: z.enum(CLIP_RULES) });

/** `/admin/clips`: sets who may make clips. */
export function adminClipRoutes(
  permission: Pick<ClipPermission, "setRule" | "rule">,
): Readonly<Record<string, Handlers>> {
  return {
    "/admin/clips": action(change, ({ who }) => {
      refuseFor(permission.setRule(who));
      return { who: permission.rule };
    }),
  };
}

function ask(
  clips: Clips,
  clipper: Parameters<Clips["ask"]>[0],
  fields: Readonly<Record<string, unknown>>,
): Outcome<ClipState> {
  if ("timelapse" in fields) {
    return clips.askLapse(clipper, readInput(lapse, fields).timelapse);
  }
  if ("seconds" in fields) {
    const { seconds, format } = readInput(last, fields);
    return clips.askLast(clipper, seconds, format);
  }
  return clips.ask(clipper, readInput(span, fields));
}

function problemOf(refusal: Parameters<typeof refusedProblem>[0]): HttpProblem {
  const status = STATUS[refusal.code ?? ""];
  if (status === undefined) return refusedProblem(refusal);
  const { retryAfter: _, storeFailed: __, ...explanation } = refusal;
  return new HttpProblem(status, explanation);
}

function json(state: ClipState, status = 200): Response {
  return Response.json(state, { status, headers: { "cache-control": "no-store" } });
}

async function begunInTime(clip: Pick<Clip, "begun">): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, MAX_WAIT_MS);
  await Promise.race([clip.begun(), late]);
  clearTimeout(timer);
}
