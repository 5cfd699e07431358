import { BoundedMap } from "../bounded_map.ts";
import type { Person } from "../live_messages.ts";
import type { Authors } from "./authors.ts";
import { fold } from "./fold.ts";
import { isReserved } from "./name.ts";
import type { Room } from "./room.ts";

/** Stands for the streamer where a viewer has an id. No viewer's id reads like this. */
const STREAMER = "streamer";

/** The hue of the streamer's name, degrees. */
const HUE = 285;

/** The most names about which the answer is remembered. */
const MAX_CACHED = 10_000;

/** The streamer as an author of the chat, under a name that nobody else can have. */
export class Streamer {
  /** Identifies the streamer as authors are identified. */
  readonly author: string;
  readonly #room: Room;
  #reserved = new BoundedMap<string, boolean>(MAX_CACHED);

  /** Reads the name from the rules of the chat. */
  constructor(authors: Authors, room: Room) {
    this.author = authors.authorOf(STREAMER);
    this.#room = room;
    room.events.on("change", (name) => {
      if (name === "streamerName") this.#reserved = new BoundedMap(MAX_CACHED);
    });
  }

  /** The streamer as others see them. */
  get person(): Person & { readonly name: string } {
    return {
      name: this.#room.settings.streamerName,
      hue: HUE,
      author: this.author,
      supporter: false,
      priorityUntil: 0,
      mutedUntil: 0,
      role: "streamer",
    };
  }

  /** Returns whether this is the streamer's name, in any case. */
  isNamed(name: string): boolean {
    return fold(name) === fold(this.#room.settings.streamerName);
  }

  /** Returns whether a name is reserved, or looks like the streamer's. */
  reserves(name: string): boolean {
    // Names are checked for every viewer every second.
    const known = this.#reserved.get(name);
    if (known !== undefined) return known;
    const isOurs = isReserved(name, this.#room.settings.streamerName);
    this.#reserved.set(name, isOurs);
    return isOurs;
  }
}
