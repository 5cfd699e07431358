import type { Kicks } from "../audience/kicks.ts";
import type { Channel } from "../channel/channel.ts";
import { explain } from "../channel/explanation.ts";
import type { Moderation } from "../channel/moderation.ts";
import { duration } from "../channel/refusal.ts";
import type { Secret } from "../channel/secret.ts";
import type { ViewerPassword } from "../channel/viewer_password.ts";
import { deviceOf } from "./device.ts";
import { viewerId } from "./identity.ts";
import type { PostLimit } from "./post_limit.ts";
import { HttpProblem } from "./problem.ts";
import {
  type Handler,
  type Handlers,
  METHODS,
  type Policy,
  type Route,
  type RouteTable,
} from "./route.ts";
import { forStreamer } from "./streamer.ts";

/** What decides who may use the server, and how much. */
export interface Access {
  /** What streamer routes need. */
  readonly streamerToken: Secret;
  /** What viewer routes need; `null` for nothing. */
  readonly viewerPassword: ViewerPassword | null;
  /** Knows who is banned. */
  readonly moderation: Pick<Moderation, "bannedUntil">;
  /** Knows who was kicked. */
  readonly kicks: Pick<Kicks, "waitOf">;
  /** Limits how often one address may change something. */
  readonly posts: PostLimit;
  /** Its title is the realm in which the password is valid. */
  readonly channel: Pick<Channel, "title">;
}

/** Wraps the handlers of each route so that they need the token and refuse the banned and the kicked as declared. */
export function guardRoutes(routes: RouteTable, access: Access): RouteTable {
  return new Map(Array.from(routes, ([path, route]) => [path, guardRoute(route, access)]));
}

function guardRoute(route: Route, access: Access): Route {
  const guarded: { -readonly [Key in keyof Route]: Route[Key] } = { ...route };
  for (const method of METHODS) {
    const handler = route[method];
    if (handler) guarded[method] = guardHandler(handler, method, route, access);
  }
  return guarded;
}

function guardHandler(
  handler: Handler,
  method: keyof Handlers,
  policy: Policy,
  access: Access,
): Handler {
  if (policy.access === "streamer") return forStreamer(handler, access);
  const { refusesBanned, refusesKicked } = policy;
  const refuses = refusesKicked === "always" || (refusesKicked === "changes" && method === "POST");
  const guarded = refuses ? refusingKicked(handler, access) : handler;
  return refusesBanned ? refusingBanned(guarded, access) : guarded;
}

function refusingBanned(handler: Handler, { moderation }: Access): Handler {
  return (call) => {
    const viewer = viewerId(call);
    if (viewer !== null && moderation.bannedUntil(viewer) !== 0) {
      throw new HttpProblem(403, explain("banned"));
    }
    return handler(call);
  };
}

function refusingKicked(handler: Handler, { kicks }: Access): Handler {
  return (call) => {
    const device = deviceOf(call.request.headers.get("user-agent"));
    const wait = kicks.waitOf({ id: viewerId(call), client: call.capacityKey, device });
    if (wait > 0) {
      throw new HttpProblem(403, explain("kicked-for", { wait: duration(wait) }), {
        "retry-after": String(Math.ceil(wait / 1000)),
      });
    }
    return handler(call);
  };
}
