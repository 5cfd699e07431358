import type { Handlers } from "../route.ts";
import type { Status } from "../route_parts.ts";

/**
 * Answers `/healthz`: 200 while frames flow, else 503. `checks` has the health of each part, also of
 * those without which frames still flow. It is public, so the reasons are in `/admin/state` only.
 */
export function healthzRoute(status: Pick<Status, "channelState" | "health">): Handlers {
  return {
    GET() {
      const { live, onAir } = status.channelState();
      const checks = Object.fromEntries(
        Object.entries(status.health()).map(([part, reason]) => [part, { ok: reason === null }]),
      );
      return Response.json({ ok: live, live, onAir, checks }, {
        status: live ? 200 : 503,
        headers: { "cache-control": "no-store" },
      });
    },
  };
}
