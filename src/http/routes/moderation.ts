import type { Community } from "../../channel/community.ts";
import { viewerId } from "../identity.ts";
import { readInput } from "../input.ts";
import { HttpProblem } from "../problem.ts";
import { readFields } from "../request_body.ts";
import type { Handlers } from "../route.ts";
import { moderationOrders } from "./moderation_orders.ts";

/** `/moderation/…`: what the streamer's moderators can do from the watch page. */
export function moderationRoutes(community: Community): Readonly<Record<string, Handlers>> {
  const orders = Object.entries(moderationOrders(community));
  return Object.fromEntries(orders.map(([name, schema]): [string, Handlers] => [
    `/moderation/${name}`,
    {
      async POST(call) {
        const { authors, carryOut } = readInput(schema, await readFields(call.request));
        const allowed = community.moderators.check(viewerId(call), authors);
        if ("refused" in allowed) throw new HttpProblem(403, allowed.refused);
        return Response.json({ ok: true, ...carryOut(allowed.by) });
      },
    },
  ]));
}
