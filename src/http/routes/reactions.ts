import { z } from "zod";
import type { Reactions } from "../../channel/reactions.ts";
import { senderOf } from "../identity.ts";
import { readInput, refusedProblem } from "../input.ts";
import { readFields } from "../request_body.ts";
import type { Handlers } from "../route.ts";

const input = z.object({ reaction: z.enum(["heart", "laugh", "wow", "clap", "fire"]) });

/** `/reactions`: counts a reaction, which all pages then show. */
export function reactionsRoute(reactions: Reactions): Handlers {
  return {
    async POST(call) {
      const { reaction } = readInput(input, await readFields(call.request));
      const refused = reactions.react(senderOf(call), reaction, call.capacityKey);
      if (refused) throw refusedProblem(refused.refused);
      return Response.json({ ok: true });
    },
  };
}
