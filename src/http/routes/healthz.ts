import type { Route } from "../router.ts";
import type { Services } from "../services.ts";

/**
 * `/healthz`: 200 while frames flow, else 503. `checks` says of each part whether it does its work,
 * also of those without which frames still flow. Anyone may ask, so it gives no reasons: those are
 * in `/admin/state`.
 */
export function healthzRoute(services: Pick<Services, "source" | "channel" | "health">): Route {
  const { source, channel, health } = services;
  return {
    GET() {
      const { live } = source();
      const checks = Object.fromEntries(
        Object.entries(health()).map(([part, reason]) => [part, { ok: reason === null }]),
      );
      return Response.json({ ok: live, live, onAir: channel.onAir, checks }, {
        status: live ? 200 : 503,
        headers: { "cache-control": "no-store" },
      });
    },
  };
}
