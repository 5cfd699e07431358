import { z } from "zod";
import type { Publications } from "../../../consumers/publisher/publications.ts";
import { parseTarget, STREAM_TARGETS } from "../../../consumers/publisher/target.ts";
import { HttpProblem } from "../../problem.ts";
import type { Handlers } from "../../route.ts";
import { action } from "./action.ts";
import { userErrorAs409 } from "./user_error_as_409.ts";

const added = z.object({ url: z.string().trim().max(1000) });
const named = z.object({ id: z.string().max(20) });
const switched = named.extend({ on: z.boolean() });

/** `/admin/publish…`: where the program is published to. */
export function adminPublishRoutes(
  publications: Publications,
): Readonly<Record<string, Handlers>> {
  const found = (isFound: boolean) => {
    if (!isFound) {
      throw new HttpProblem(404, "There is no such target: GET /admin/state lists them");
    }
  };
  return {
    "/admin/publish": action(added, async ({ url }) => {
      // It may hold a stream key, so the answer does not repeat it.
      if (!parseTarget(url)) throw new HttpProblem(400, `Give ${STREAM_TARGETS}`);
      // deno-lint-ignore require-await -- it throws a `UserError`
      const id = await userErrorAs409((async () => publications.add(url))());
      return { id };
    }),
    "/admin/publish/switch": action(switched, ({ id, on }) => found(publications.switch(id, on))),
    "/admin/publish/remove": action(named, ({ id }) => found(publications.remove(id))),
  };
}
