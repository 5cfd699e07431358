import { HttpProblem } from "../problem.ts";
import type { Route } from "../router.ts";
import type { Services } from "../services.ts";

/** Prometheus' text format, https://prometheus.io/docs/instrumenting/exposition_formats/. */
const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** `/metrics`: what the program counts and measures, for Prometheus. */
export function metricsRoute({ metrics }: Pick<Services, "metrics">): Route {
  return {
    async GET() {
      const text = await metrics();
      if (text === null) {
        throw new HttpProblem(503, "Try again: the server is starting", { "retry-after": "1" });
      }
      return new Response(text, {
        headers: { "content-type": CONTENT_TYPE, "cache-control": "no-store" },
      });
    },
  };
}
