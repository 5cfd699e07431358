import { Emitter } from "../events.ts";
import type { PublicRoomSettings, RoomSettings, StudioRoomSettings } from "../live_messages.ts";
import { keepUntilEnd } from "./refusal.ts";
import { PUBLIC_SETTINGS, ROOM_SETTINGS, STUDIO_SETTINGS } from "./room_settings.ts";
import type { RoomStore } from "./store.ts";

/** The name of a setting. */
export type RoomSettingName = keyof RoomSettings;

/** Events of {@linkcode Room}. */
export interface RoomEvents {
  /** This setting has another value. */
  readonly change: RoomSettingName;
}

/** The name of every setting. */
export const ROOM_SETTING_NAMES = Object.keys(ROOM_SETTINGS) as readonly RoomSettingName[];

/**
 * The rules of the chat. A change takes effect at once; if it cannot be stored, it stays in force
 * until the server ends.
 */
export class Room {
  /** Emits what changes. */
  readonly events: Emitter<RoomEvents> = new Emitter();
  readonly #store: RoomStore;
  #settings: RoomSettings;

  /**
   * Restores the rules.
   *
   * @throws {StoreError} They cannot be read.
   */
  constructor(store: RoomStore) {
    this.#store = store;
    this.#settings = Object.fromEntries(
      ROOM_SETTING_NAMES.map((name) => {
        const setting = ROOM_SETTINGS[name];
        return [name, setting.fromKept(store.get(setting.name))];
      }),
    ) as unknown as RoomSettings;
  }

  /** All settings that are in force. */
  get settings(): RoomSettings {
    return this.#settings;
  }

  /** Those that every page shows. */
  get publicSettings(): PublicRoomSettings {
    return this.#pick(PUBLIC_SETTINGS);
  }

  /** Those that only the studio shows. */
  get studioSettings(): StudioRoomSettings {
    return this.#pick(STUDIO_SETTINGS);
  }

  /**
   * Changes a setting.
   *
   * @returns `null`, or why it was not changed or not stored.
   */
  set<Name extends RoomSettingName>(name: Name, value: RoomSettings[Name]): string | null {
    const setting = ROOM_SETTINGS[name];
    const accepted = setting.accept(value);
    if ("refused" in accepted) return accepted.refused.reason;
    this.#settings = { ...this.#settings, [name]: accepted.value };
    const reason = keepUntilEnd(() =>
      this.#store.set(setting.name, setting.toKept(accepted.value))
    );
    this.events.emit("change", name);
    return reason;
  }

  #pick<Name extends RoomSettingName>(table: Readonly<Record<Name, unknown>>) {
    return Object.fromEntries(
      (Object.keys(table) as Name[]).map((name) => [name, this.#settings[name]]),
    ) as Pick<RoomSettings, Name>;
  }
}
