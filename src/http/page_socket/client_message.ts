import { z } from "zod";
import type { ClientMessage } from "../../live_messages.ts";

/** The longest message that the server reads. Bytes. */
export const MAX_MESSAGE_BYTES = 4096;

/** The longest time in a report of what was heard. Milliseconds. */
const MAX_HEARD_MS = 60_000;

/** The latest time that a `Date` can have. Milliseconds since the Unix epoch. */
const MAX_WALL_TIME = 8.64e15;

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
    replyTo: z.int().min(1).optional(),
  }),
  z.object({ type: z.literal("older"), before: z.int().min(1) }),
  z.object({ type: z.literal("listen"), on: z.boolean() }),
  z.object({
    type: z.literal("heard"),
    sequence: z.int().min(0),
    ago: z.number().min(0).max(MAX_HEARD_MS),
    buffered: z.number().min(0).max(MAX_HEARD_MS),
    gaps: z.int().min(0),
    offset: z.number().min(-MAX_HEARD_MS).max(MAX_HEARD_MS).nullable(),
  }),
  z.object({
    type: z.literal("replay"),
    stream: clientKey,
    at: z.number().min(0).max(MAX_WALL_TIME).optional(),
    speed: z.literal([0, 0.25, 0.5, 1]).optional(),
    step: z.literal([1, -1]).optional(),
  }),
]);

/** Parses a message from a page; returns `null` for anything else. */
export function readClientMessage(text: string): ClientMessage | null {
  try {
    return clientMessage.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Returns whether a message is longer than the server reads, in bytes of UTF-8. */
export function isTooLong(text: string): boolean {
  // A UTF-16 unit is at most three bytes, so the length alone settles most cases.
  if (text.length * 3 <= MAX_MESSAGE_BYTES) return false;
  return text.length > MAX_MESSAGE_BYTES ||
    new TextEncoder().encode(text).length > MAX_MESSAGE_BYTES;
}
