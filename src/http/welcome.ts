import { viewerId } from "./identity.ts";
import { HttpProblem } from "./problem.ts";
import type { Handler, Route } from "./router.ts";
import type { Services } from "./services.ts";

/** Answers by the route for all but those whom the streamer banned. */
export function forWelcome({ moderation }: Pick<Services, "moderation">, route: Route): Route {
  const guarded = (handler: Handler): Handler => (call) => {
    const viewer = viewerId(call.request);
    if (viewer !== null && moderation.bannedUntil(viewer) !== 0) {
      throw new HttpProblem(403, "The streamer does not let you watch any more");
    }
    return handler(call);
  };
  return Object.fromEntries(
    Object.entries(route).map(([method, handler]) => [method, guarded(handler)]),
  );
}
