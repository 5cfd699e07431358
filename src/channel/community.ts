import { Authors } from "./authors.ts";
import { Chat } from "./chat.ts";
import { Donations } from "./donations.ts";
import { Givings } from "./givings.ts";
import { Moderation } from "./moderation.ts";
import { NamesInUse } from "./names_in_use.ts";
import { People } from "./people.ts";
import { attempt } from "./refusal.ts";
import type { Logger } from "../log/log.ts";
import type { CommunityStore } from "./store.ts";

export interface CommunityOptions {
  readonly store: CommunityStore;
  readonly log: Logger;
  /** Milliseconds since the Unix epoch. Default: the system's clock. */
  readonly now?: () => number;
  /** Milliseconds of a clock that nobody sets. Default: since the program's start. */
  readonly monotonic?: () => number;
}

/** Everything that viewers are to each other. */
export interface Community {
  readonly people: People;
  readonly moderation: Moderation;
  readonly chat: Chat;
  readonly donations: Donations;
  /** Another number after each change to anything that is kept; `null` where it cannot be read. */
  readonly revision: () => number | null;
}

/**
 * Builds the community on what is kept of it.
 *
 * @throws {StoreError} What is kept cannot be read.
 */
export function createCommunity(options: CommunityOptions): Community {
  const { store, log, now = Date.now, monotonic = () => performance.now() } = options;
  const authors = new Authors(store.secret);
  const moderation = new Moderation({ store, authors, log, now });
  const givings = new Givings({ store: store.donations, authors, now });
  const people = new People({
    store: store.people,
    authors,
    givings,
    moderation,
    namesInUse: new NamesInUse(monotonic),
  });
  return {
    people,
    moderation,
    chat: new Chat({ store: store.chat, people, moderation, now, monotonic }),
    donations: new Donations({
      store: store.donations,
      authors,
      givings,
      people,
      moderation,
      log,
      now,
      monotonic,
    }),
    revision() {
      const read = attempt(() => ({ revision: store.revision() }));
      return "refused" in read ? null : read.revision;
    },
  };
}
