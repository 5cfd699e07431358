import { z } from "zod";
import type { PublicRoomSettings, RoomSettings, StudioRoomSettings } from "../live_messages.ts";
import type { Schema } from "../schema.ts";
import { BlockedWords } from "./blocked_words.ts";
import { plainName } from "./name.ts";
import { type Outcome, refuse } from "./refusal.ts";

/** What a store keeps a setting as; `null` if it was never set. */
export type Kept = string | number | null;

/** One rule of the chat that the streamer can set. */
export interface RoomSetting<T> {
  /** Its key in the store; with a hyphen for the space, its path: `/admin/chat/slow-mode`. */
  readonly name: string;
  /** The field of a request that sets it. */
  readonly field: string;
  /** Reads the value from the fields of a request. */
  readonly schema: Schema<T>;
  /** Returns the value that will be in force, or why this one cannot be. */
  accept(value: T): Outcome<{ readonly value: T }>;
  /** Returns the form in which a store keeps the value. */
  toKept(value: T): string | number;
  /** Restores a value from the store. */
  fromKept(kept: Kept): T;
}

/** An entry for each setting. */
export type RoomSettingTable<Settings> = {
  readonly [Name in keyof Settings]: RoomSetting<Settings[Name]>;
};

/** The longest slow mode. Seconds. */
export const MAX_SLOW_MODE = 3_600;

/** The settings that every page shows. */
export const PUBLIC_SETTINGS: RoomSettingTable<PublicRoomSettings> = {
  slowMode: {
    name: "slow mode",
    field: "seconds",
    schema: z.object({ seconds: z.number() }).transform(({ seconds }) => seconds),
    accept(seconds) {
      if (Number.isInteger(seconds) && seconds >= 0 && seconds <= MAX_SLOW_MODE) {
        return { value: seconds };
      }
      return refuse("slow-mode-range", { max: MAX_SLOW_MODE, seconds });
    },
    toKept: (seconds) => seconds,
    fromKept: (kept) => Number(kept ?? 0),
  },
};

/** The settings that only the studio shows. */
export const STUDIO_SETTINGS: RoomSettingTable<StudioRoomSettings> = {
  blockedWords: {
    name: "blocked words",
    field: "words",
    schema: z.object({ words: z.array(z.string()).max(1000) }).transform(({ words }) => words),
    accept(words) {
      const blocked = BlockedWords.from(words);
      return "refused" in blocked ? blocked : { value: blocked.words.words };
    },
    // A word never has a line end in it; see `plainText`.
    toKept: (words) => words.join("\n"),
    fromKept: (kept) => kept ? String(kept).split("\n") : [],
  },
  streamerName: {
    name: "streamer name",
    field: "name",
    schema: z.object({ name: z.string() }).transform(({ name }) => name),
    accept(name) {
      const plain = plainName(name);
      return "refused" in plain ? plain : { value: plain.name };
    },
    toKept: (name) => name,
    fromKept: (kept) => String(kept ?? "Streamer"),
  },
};

/**
 * Every rule of the chat. A new one is its type in {@linkcode RoomSettings}, its entry here, its
 * check in the domain and its control on the page: the store, the wire and the routes read this table.
 */
export const ROOM_SETTINGS: RoomSettingTable<RoomSettings> = {
  ...PUBLIC_SETTINGS,
  ...STUDIO_SETTINGS,
};
