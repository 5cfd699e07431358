import { messageOf, UserError } from "./errors.ts";
import { Masks } from "./log/masks.ts";

/**
 * Returns what the program writes before an error ends it: one line about a mistake of the user, or what
 * helps to report a fault of the program. Ends with a line end.
 */
export function lastWords(error: unknown): string {
  // An address given to the wrong option may hold a camera's password, and systemd keeps this text.
  const text = new Masks({ showsAddresses: true }).mask(messageOf(error));
  if (error instanceof UserError) return `${text}\n`;
  // The stack begins with the message, which Deno may have reworded.
  const places = (error instanceof Error && error.stack?.match(/^ {4}at .+$/gm)) || [];
  const lines = places.map((place) => `${place}\n`).join("");
  return `The program failed: ${text}. Please report this with --version and these lines\n${lines}`;
}
