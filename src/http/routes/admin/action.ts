import type { Schema } from "../../../schema.ts";
import { readFields } from "../../request_body.ts";
import { readInput } from "../../input.ts";
import type { Handlers } from "../../route.ts";

/** Makes a POST route that acts on the fields of its body, and answers with what that returns. */
export function action<T>(
  schema: Schema<T>,
  act: (input: T) => object | void | Promise<object | void>,
): Handlers {
  return {
    async POST({ request }) {
      const input = readInput(schema, await readFields(request));
      return Response.json({ ok: true, ...await act(input) });
    },
  };
}
