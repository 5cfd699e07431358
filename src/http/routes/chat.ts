import { z } from "zod";
import type { Chat } from "../../channel/chat.ts";
import { isForm, readFields } from "../request_body.ts";
import type { History } from "../history.ts";
import { senderOf } from "../identity.ts";
import { blankAsAbsent, readInput, refusedProblem } from "../input.ts";
import { readNumber } from "../query.ts";
import { seeOther } from "../relative_path.ts";
import type { Handlers } from "../route.ts";

const post = z.object({
  text: z.string().default(""),
  name: z.string().transform(blankAsAbsent).optional(),
  // The sender's own name for the message, by which a repetition is recognised.
  key: z.string().max(64).transform(blankAsAbsent).optional(),
  replyTo: z.int().min(1).optional(),
});

const MESSAGE_ID = { min: 1, max: Number.MAX_SAFE_INTEGER, isWhole: true };

/** `/chat`: returns messages, and posts one. A form is redirected to the page. */
export function chatRoute(chat: Chat, history: History): Handlers {
  return {
    GET({ url }) {
      const before = readNumber(url.searchParams, "before", MESSAGE_ID);
      const json = before === undefined
        ? history.rendered.json
        : JSON.stringify(chat.before(before));
      return new Response(json, {
        headers: { "content-type": "application/json", "cache-control": "no-store" },
      });
    },
    async POST(call) {
      const { key = crypto.randomUUID(), ...message } = readInput(
        post,
        await readFields(call.request),
      );
      const posted = chat.post({ viewer: senderOf(call), ...message, key });
      if ("refused" in posted) throw refusedProblem(posted.refused);
      if (!isForm(call.request)) return Response.json(posted);
      return seeOther(call, "/#chat");
    },
  };
}
