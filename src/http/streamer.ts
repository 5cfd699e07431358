import { HttpProblem } from "./problem.ts";
import type { Handler, Route } from "./router.ts";
import type { Services } from "./services.ts";

/**
 * Answers by the route for the streamer alone, who shows the token as `Authorization: Bearer`. The
 * streamer's browser may then see what viewers see, without their password.
 */
export function forStreamer(
  { streamerToken, viewerPassword }: Pick<Services, "streamerToken" | "viewerPassword">,
  route: Route,
): Route {
  const guarded = (handler: Handler): Handler => async (call) => {
    const header = call.request.headers.get("authorization");
    const [, token] = /^Bearer +(\S+)$/i.exec(header ?? "") ?? [];
    const challenge = { "www-authenticate": "Bearer" };
    if (token === undefined) {
      throw new HttpProblem(401, "Send the streamer's token as Authorization: Bearer", challenge);
    }
    const verdict = streamerToken.check(token, call.client);
    if (verdict.isRight) {
      const response = await handler(call);
      if (viewerPassword && !viewerPassword.knows(call)) {
        viewerPassword.remember(call, response.headers);
      }
      return response;
    }
    const { reason, retryAfter } = verdict;
    if (retryAfter === undefined) throw new HttpProblem(401, reason, challenge);
    throw new HttpProblem(429, reason, { "retry-after": String(retryAfter) });
  };
  return Object.fromEntries(
    Object.entries(route).map(([method, handler]) => [method, guarded(handler)]),
  );
}
