import type { ModerationStore, Sanction } from "../channel/store.ts";
import type { ChatLog } from "./chat_log.ts";
import type { Database } from "./database.ts";
import type { Row } from "./statement.ts";

/** Options of {@linkcode Sanctions}. */
export interface SanctionsOptions {
  /** The open data file. */
  readonly database: Database;
  /** The messages of authors who get banned. */
  readonly chat: Pick<ChatLog, "purge">;
  /** Called when messages have been marked for deletion. */
  readonly onPurge: () => void;
}

/** Stores time-outs and bans. */
export class Sanctions implements ModerationStore {
  readonly #options: SanctionsOptions;
  readonly #statements;

  /** Prepares its statements. */
  constructor(options: SanctionsOptions) {
    const { database } = this.#options = options;
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
}

function sanctionOf({ author, name, at, until }: Row): Sanction {
  return {
    author: String(author),
    name: String(name),
    at: Number(at),
    until: until === null ? null : Number(until),
  };
}
