import type { Route } from "../router.ts";
import type { Services } from "../services.ts";

/** `/healthz`: 200 while frames flow, else 503 with the reason; also says whether on air. */
export function healthzRoute({ source, channel }: Pick<Services, "source" | "channel">): Route {
  return {
    GET() {
      const { live, reason } = source();
      return Response.json({ live, reason, onAir: channel.onAir }, {
        status: live ? 200 : 503,
        headers: { "cache-control": "no-store" },
      });
    },
  };
}
