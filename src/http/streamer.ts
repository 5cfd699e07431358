import { HttpProblem } from "./problem.ts";
import type { Handler, Route } from "./router.ts";
import type { Secret } from "./secret.ts";

/** Answers by the route for the streamer alone, who shows the token as `Authorization: Bearer`. */
export function forStreamer(streamerToken: Secret, route: Route): Route {
  const guarded = (handler: Handler): Handler => (call) => {
    const header = call.request.headers.get("authorization");
    const [, token] = /^Bearer +(\S+)$/i.exec(header ?? "") ?? [];
    const challenge = { "www-authenticate": "Bearer" };
    if (token === undefined) {
      throw new HttpProblem(401, "Send the streamer's token as Authorization: Bearer", challenge);
    }
    const verdict = streamerToken.check(token, call.remote.hostname);
    if (verdict.isRight) return handler(call);
    const { reason, retryAfter } = verdict;
    if (retryAfter === undefined) throw new HttpProblem(401, reason, challenge);
    throw new HttpProblem(429, reason, { "retry-after": String(retryAfter) });
  };
  return Object.fromEntries(
    Object.entries(route).map(([method, handler]) => [method, guarded(handler)]),
  );
}
