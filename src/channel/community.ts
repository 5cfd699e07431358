import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import type { Logger } from "../log/log.ts";
import { Authors } from "./authors.ts";
import { Celebrations } from "./celebrations.ts";
import { Chat } from "./chat.ts";
import { DonationHistory } from "./donation_history.ts";
import { Donations } from "./donations.ts";
import { Goal } from "./goal.ts";
import { Moderation } from "./moderation.ts";
import { Moderators } from "./moderators.ts";
import { NamesInUse } from "./names_in_use.ts";
import { People } from "./people.ts";
import { Pin } from "./pin.ts";
import { Reactions } from "./reactions.ts";
import { attempt } from "./refusal.ts";
import { Room } from "./room.ts";
import type { CommunityStore } from "./store.ts";
import { Streamer } from "./streamer.ts";

/** Options of {@linkcode createCommunity}. */
export interface CommunityOptions {
  /** Stores everything about the community. */
  readonly store: CommunityStore;
  /** Receives what happens, for the streamer. */
  readonly log: Logger;
  /** Default: the system's clock. */
  readonly clock?: Clock;
}

/** The viewers, what they say and give, and the rules they follow. */
export interface Community {
  /** The rules of the chat. */
  readonly room: Room;
  /** Names and standing of authors. */
  readonly people: People;
  /** Time-outs, bans and blocked words. */
  readonly moderation: Moderation;
  /** Those who may moderate besides the streamer. */
  readonly moderators: Moderators;
  /** The streamer as an author. */
  readonly streamer: Streamer;
  /** The messages. */
  readonly chat: Chat;
  /** The pinned message. */
  readonly pin: Pin;
  /** What viewers send with one tap. */
  readonly reactions: Reactions;
  /** The donations and their supporters. */
  readonly donations: Donations;
  /** The amount that the streamer hopes for. */
  readonly goal: Goal;
  /** The donations on every screen. */
  readonly celebrations: Celebrations;
  /** Returns a new number after each change to anything stored; `null` if it cannot be read. */
  readonly revision: () => number | null;
}

/**
 * Builds the community on its store. Of several parts that listen to one event, the one built first
 * reacts first: a banned author is sent away before the list of supporters changes.
 *
 * @throws {StoreError} The store cannot be read.
 */
export function createCommunity(options: CommunityOptions): Community {
  const { store, log, clock = SYSTEM_CLOCK } = options;
  const authors = new Authors(store.secret);
  const room = new Room(store.room);
  const moderation = new Moderation({ store, authors, room, log, clock });
  const history = new DonationHistory({ store: store.donations, authors, clock });
  const namesInUse = new NamesInUse(clock);
  const streamer = new Streamer(authors, room);
  const moderators = new Moderators({ store, authors, moderation, streamer, log });
  const people = new People({
    store: store.people,
    ...{ authors, history, moderation, namesInUse, streamer, moderators },
  });
  const chat = new Chat({ store: store.chat, people, moderation, room, streamer, log, clock });
  const donations = new Donations({
    store: store.donations,
    lines: store.chat,
    chat,
    history,
    people,
    moderation,
    log,
    clock,
  });
  return {
    room,
    people,
    moderation,
    moderators,
    streamer,
    chat,
    pin: new Pin(store),
    reactions: new Reactions({ moderation, clock }),
    donations,
    goal: new Goal({ store: store.room, given: store.donations, donations, moderation }),
    celebrations: new Celebrations({ donations, moderation, room, clock }),
    revision() {
      const read = attempt(() => ({ revision: store.revision() }));
      return "refused" in read ? null : read.revision;
    },
  };
}
