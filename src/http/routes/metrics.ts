import { HttpProblem } from "../problem.ts";
import type { Handlers } from "../route.ts";
import type { Status } from "../route_parts.ts";

/** Prometheus' text format, https://prometheus.io/docs/instrumenting/exposition_formats/. */
const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Answers `/metrics` for Prometheus. */
export function metricsRoute(status: Pick<Status, "metrics">): Handlers {
  return {
    async GET() {
      const text = await status.metrics();
      if (text === null) {
        throw new HttpProblem(503, "Try again: the server is starting", { "retry-after": "1" });
      }
      return new Response(text, {
        headers: { "content-type": CONTENT_TYPE, "cache-control": "no-store" },
      });
    },
  };
}
