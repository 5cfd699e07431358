import type { Route } from "../router.ts";
import type { Services } from "../services.ts";

/** `/healthz`: 200 while frames flow, else 503 with the reason. */
export function healthzRoute({ source }: Pick<Services, "source">): Route {
  return {
    GET() {
      const { live, reason } = source();
      return Response.json({ live, reason }, {
        status: live ? 200 : 503,
        headers: { "cache-control": "no-store" },
      });
    },
  };
}
