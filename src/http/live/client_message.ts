import { z } from "zod";
import type { ClientMessage } from "../../live_messages.ts";

/** The longest message that is read. Bytes. */
export const MAX_MESSAGE_BYTES = 4096;

/** A page's own name for a message or a stream. */
const clientKey = z.string().min(1).max(64);

const clientMessage: z.ZodType<ClientMessage> = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("painted"),
    stream: clientKey,
    sequence: z.int().min(0),
    ago: z.number().min(0),
    arrived: z.object({ sequence: z.int().min(0), ago: z.number().min(0) }).optional(),
  }),
  z.object({
    type: z.literal("chat"),
    key: clientKey,
    text: z.string(),
    name: z.string().optional(),
  }),
  z.object({ type: z.literal("older"), before: z.int().min(1) }),
]);

/** Reads what a page sent; `null` where it is none of the messages there are. */
export function readClientMessage(text: string): ClientMessage | null {
  try {
    return clientMessage.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Whether a message is longer than is read, in bytes of UTF-8. */
export function isTooLong(text: string): boolean {
  // A UTF-16 unit is at most three bytes, so most are measured by their length alone.
  if (text.length * 3 <= MAX_MESSAGE_BYTES) return false;
  return text.length > MAX_MESSAGE_BYTES ||
    new TextEncoder().encode(text).length > MAX_MESSAGE_BYTES;
}
