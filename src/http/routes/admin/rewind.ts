import { z } from "zod";
import { HttpProblem } from "../../problem.ts";
import type { Handlers } from "../../route.ts";
import type { Rewinding } from "../../route_parts.ts";
import { action } from "./action.ts";

const change = z.object({ on: z.boolean() });

/** `/admin/rewind`: lets viewers go back, or forgets at once what they could go back to. */
export function adminRewindRoutes(kept: Rewinding): Readonly<Record<string, Handlers>> {
  return {
    "/admin/rewind": action(change, ({ on }) => {
      if (kept.past === null) {
        throw new HttpProblem(409, "Rewinding is off: restart without --rewind off");
      }
      kept.setOn(on);
      return { on: kept.isOn };
    }),
  };
}
