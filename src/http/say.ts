import type { Chat, Post, Posted } from "../channel/chat.ts";
import type { Outcome } from "../channel/refusal.ts";
import type { Audience } from "./live/audience.ts";

/** Posts a chat message and shows it to everyone; only the author's own pages are told its key. */
export function say(chat: Chat, audience: Audience, post: Post): Outcome<Posted> {
  const said = chat.post(post);
  if ("refused" in said || said.repeated) return said;
  const { message } = said;
  audience.toOthers(post.viewer, { type: "chat", message });
  audience.toViewer(post.viewer, { type: "chat", message, key: post.key });
  if (post.name !== undefined) audience.tellYou(post.viewer);
  return said;
}
