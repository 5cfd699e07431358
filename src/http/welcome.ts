import type { Community } from "../channel/community.ts";
import { viewerId } from "./identity.ts";
import { HttpProblem } from "./problem.ts";
import type { Handler, Route } from "./router.ts";

/** What someone is told whom the streamer banned. */
export const NOT_WELCOME = "The streamer does not let you watch any more";

/** Answers by the route for all but those whom the streamer banned. */
export function forWelcome({ moderation }: Pick<Community, "moderation">, route: Route): Route {
  const guarded = (handler: Handler): Handler => (call) => {
    const viewer = viewerId(call);
    if (viewer !== null && moderation.bannedUntil(viewer) !== 0) {
      throw new HttpProblem(403, NOT_WELCOME);
    }
    return handler(call);
  };
  return Object.fromEntries(
    Object.entries(route).map(([method, handler]) => [method, guarded(handler)]),
  );
}
