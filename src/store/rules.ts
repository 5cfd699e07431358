import type { ModerationStore, Sanction } from "../channel/store.ts";
import type { ChatLog } from "./chat_log.ts";
import type { Database, Row } from "./database.ts";
import { Values } from "./values.ts";

export interface RulesOptions {
  readonly database: Database;
  readonly chat: Pick<ChatLog, "purge">;
  /** Called when messages were marked to be deleted. */
  readonly onPurge: () => void;
}

/** What the streamer allows: time-outs, bans, slow mode and blocked words. */
export class Rules implements ModerationStore {
  readonly #options: RulesOptions;
  readonly #statements;
  readonly #values: Values;

  constructor(options: RulesOptions) {
    const { database } = this.#options = options;
    this.#values = new Values(database);
    this.#statements = {
      sanctions: database.prepare("SELECT * FROM sanctions"),
      sanction: database.prepare(
        "REPLACE INTO sanctions (author, name, at, until) VALUES (?, ?, ?, ?)",
      ),
      pardon: database.prepare("DELETE FROM sanctions WHERE author = ?"),
    };
  }

  sanctions(): Sanction[] {
    return this.#statements.sanctions.all().map(sanctionOf);
  }

  sanction({ author, name, at, until }: Sanction): void {
    this.#statements.sanction.run(author, name, at, until);
  }

  ban(sanction: Sanction): number {
    const { database, chat, onPurge } = this.#options;
    const upTo = database.transaction(() => {
      this.sanction(sanction);
      return chat.purge(sanction.author);
    });
    if (upTo > 0) onPurge();
    return upTo;
  }

  pardon(author: string): void {
    this.#statements.pardon.run(author);
  }

  slowMode(): number {
    return Number(this.#values.get("slow mode") ?? 0);
  }

  setSlowMode(seconds: number): void {
    this.#values.set("slow mode", seconds);
  }

  blockedWords(): string[] {
    const text = this.#values.get("blocked words");
    return text ? String(text).split("\n") : [];
  }

  /** @param words Each on one line. */
  setBlockedWords(words: readonly string[]): void {
    this.#values.set("blocked words", words.join("\n"));
  }
}

function sanctionOf({ author, name, at, until }: Row): Sanction {
  return {
    author: String(author),
    name: String(name),
    at: Number(at),
    until: until === null ? null : Number(until),
  };
}
