import type { z } from "zod";
import { readFields } from "../../guard.ts";
import { readInput } from "../../input.ts";
import type { Route } from "../../router.ts";

/** A route that does one thing with the fields of its body and tells what came of it, if anything. */
export function action<T extends z.ZodType>(
  schema: T,
  act: (input: z.infer<T>) => object | void | Promise<object | void>,
): Route {
  return {
    async POST({ request }) {
      const input = readInput(schema, await readFields(request));
      return Response.json({ ok: true, ...await act(input) });
    },
  };
}
