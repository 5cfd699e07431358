import type { ChatMessage } from "../live_messages.ts";
import { plainText } from "./text.ts";

/** The most code points of a quoted text. */
const MAX_QUOTE = 100;

/** The code points of a message that are cleaned for its quote; more than enough for any that is stored. */
const MAX_CLEANED = 2 * MAX_QUOTE;

/** Returns what a reply shows of the message that it answers: the beginning, on one line. */
export function quoteOf(
  { id, name, text }: Pick<ChatMessage, "id" | "name" | "text">,
): NonNullable<ChatMessage["reply"]> {
  // Every reply that is read is quoted anew, and cleaning takes long.
  const start = [...text.slice(0, 2 * MAX_CLEANED)].slice(0, MAX_CLEANED).join("");
  return { id, name, text: [...plainText(start)].slice(0, MAX_QUOTE).join("") };
}
