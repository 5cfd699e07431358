import type { ChatStore, ModerationStore, Sanction } from "../community/store.ts";
import type { Database, Row } from "./database.ts";

/** What the streamer allows: time-outs, bans, slow mode and blocked words. */
export class Rules implements ModerationStore {
  readonly #database: Database;
  readonly #chat: ChatStore;
  readonly #statements;

  constructor(database: Database, chat: ChatStore) {
    this.#database = database;
    this.#chat = chat;
    this.#statements = {
      sanctions: database.prepare("SELECT * FROM sanctions"),
      sanction: database.prepare(
        "REPLACE INTO sanctions (author, name, at, until) VALUES (?, ?, ?, ?)",
      ),
      pardon: database.prepare("DELETE FROM sanctions WHERE author = ?"),
      get: database.prepare("SELECT value FROM settings WHERE name = ?"),
      set: database.prepare("REPLACE INTO settings (name, value) VALUES (?, ?)"),
    };
  }

  sanctions(): Sanction[] {
    return this.#statements.sanctions.all().map(sanctionOf);
  }

  sanction({ author, name, at, until }: Sanction): void {
    this.#statements.sanction.run(author, name, at, until);
  }

  ban(sanction: Sanction): number[] {
    return this.#database.transaction(() => {
      this.sanction(sanction);
      return this.#chat.deleteBy(sanction.author);
    });
  }

  pardon(author: string): void {
    this.#statements.pardon.run(author);
  }

  slowMode(): number {
    return Number(this.#statements.get.get("slow mode")?.value ?? 0);
  }

  setSlowMode(seconds: number): void {
    this.#statements.set.run("slow mode", seconds);
  }

  blockedWords(): string[] {
    const text = this.#statements.get.get("blocked words")?.value;
    return text ? String(text).split("\n") : [];
  }

  /** @param words Each on one line. */
  setBlockedWords(words: readonly string[]): void {
    this.#statements.set.run("blocked words", words.join("\n"));
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
