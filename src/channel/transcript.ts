import type { ChatMessage } from "../live_messages.ts";
import type { Chat } from "./chat.ts";
import type { Outcome } from "./refusal.ts";

/** Messages read at once: about a millisecond. */
const PAGE = 500;

/**
 * Reads the whole chat as text, a line a message, oldest first: `2026-11-25 16:21 Anna: Hello`. The
 * line of a donation begins with a star, so that no name can imitate it:
 * `* 2026-11-25 16:21 Anna donated 5: Well done`.
 */
export function* transcript(chat: Pick<Chat, "after">): Generator<Outcome<{ text: string }>> {
  let from: number | null = 0;
  while (from !== null) {
    const read: ReturnType<Chat["after"]> = chat.after(from, PAGE);
    if ("refused" in read) return yield read;
    yield { text: read.chat.map(lineOf).join("") };
    from = read.next;
  }
}

function lineOf({ at, name, text, gift }: ChatMessage): string {
  const given = gift ? ` donated${gift.amount === null ? "" : ` ${gift.amount}`}` : "";
  const start = `${gift ? "* " : ""}${timeOf(new Date(at))} ${name}${given}:`;
  return `${start} ${onOneLine(text)}`.trimEnd() + "\n";
}

function onOneLine(text: string): string {
  return text.split("\n").map((line) => line.trim()).filter((line) => line !== "").join(" ");
}

/** Returns a time in the server's time zone, which is the streamer's in most cases. */
function timeOf(date: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
