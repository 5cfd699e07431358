import { z } from "zod";
import type { Handlers } from "../../route.ts";
import type { Studio } from "../../route_parts.ts";
import { action } from "./action.ts";
import { userErrorAs409 } from "./user_error_as_409.ts";

const setting = z.object({ name: z.string().max(64), value: z.int() });

/** `/admin/controls…`: reads and sets the camera's controls. Each answer lists them all. */
export function adminControlRoutes(
  controls: Studio["controls"],
): Readonly<Record<string, Handlers>> {
  return {
    "/admin/controls": {
      GET: async () =>
        Response.json(await controls.list(), { headers: { "cache-control": "no-store" } }),
      ...action(setting, (input) => userErrorAs409(controls.set(input))),
    },
    "/admin/controls/reset": action(z.object({}), () => userErrorAs409(controls.reset())),
  };
}
