import type { SoundPacket } from "../../media/packet.ts";
import type { Passage, PictureFormat, RecordedPicture } from "./passage.ts";

/** How long the sound of a passage is waited for, once its pictures are complete. Milliseconds. */
const SOUND_PATIENCE_MS = 300;

/** A passage of pictures that are all keys ends at the first one after this. Milliseconds. */
const LENGTH_MS = 980;

/** How long the last picture before a gap lasts. Milliseconds. */
const LAST_DURATION_MS = 33;

/** Sound that no picture comes to is forgotten after this. Packets, of 20 ms each. */
const MAX_SOUND = 500;

/** Takes the passages that a {@linkcode PassageBuilder} makes. */
export type OnPassage = (passage: Passage) => void;

interface Open {
  readonly format: PictureFormat;
  readonly pictures: RecordedPicture[];
}

/** Pictures that are complete and wait for their sound. */
interface Complete extends Open {
  readonly to: number;
  /** Monotonic time until which sound is waited for. */
  readonly until: number;
}

/**
 * Joins pictures and sound into passages. Sound goes to the passage in whose time it begins, whichever
 * comes first.
 */
export class PassageBuilder {
  readonly #onPassage: OnPassage;
  readonly #now: () => number;
  #open: Open | null = null;
  #complete: Complete | null = null;
  #sound: SoundPacket[] = [];
  /** Whether sound has come since the passage before, so that more is to be waited for. */
  #hears = false;

  /**
   * Has nothing yet.
   *
   * @param now Monotonic time.
   */
  constructor(onPassage: OnPassage, now: () => number) {
    this.#onPassage = onPassage;
    this.#now = now;
  }

  /** Takes the next picture; one that follows a gap must be a key. */
  picture(picture: RecordedPicture, format: PictureFormat): void {
    const open = this.#open;
    const first = open?.pictures[0];
    // Wall time that jumps back ends a passage, too.
    const elapsed = first ? picture.at - first.at : 0;
    const begins = picture.isKey &&
      (!open || open.format !== format || elapsed >= LENGTH_MS || elapsed < 0 ||
        !open.pictures.at(-1)!.isKey);
    if (!begins) {
      open?.pictures.push(picture);
      return;
    }
    this.#finish(picture.at);
    this.#open = { format, pictures: [picture] };
  }

  /** Takes the next packet of sound. */
  sound(packet: SoundPacket): void {
    this.#hears = true;
    this.#sound.push(packet);
    if (this.#sound.length > MAX_SOUND) this.#sound.shift();
    if (this.#complete && packet.at >= this.#complete.to) this.#give();
  }

  /** Ends the passage: what comes next does not follow it. */
  gap(): void {
    this.#finish(null);
  }

  /** Gives everything at once, and forgets what belongs to nothing. */
  flush(): void {
    this.#finish(null);
    this.#give();
    this.#sound = [];
    this.#hears = false;
  }

  /** Gives a passage whose sound does not come. Call this a few times a second. */
  tick(): void {
    if (this.#complete && this.#now() >= this.#complete.until) this.#give();
  }

  /** @param to Where the next one begins; `null` if nothing follows it. */
  #finish(to: number | null): void {
    this.#give();
    const open = this.#open;
    this.#open = null;
    if (!open) return;
    const last = open.pictures.at(-1)!;
    const end = to !== null && to > last.at ? to : last.at + LAST_DURATION_MS;
    this.#complete = { ...open, to: end, until: this.#now() + SOUND_PATIENCE_MS };
    const isHeard = (this.#sound.at(-1)?.at ?? -Infinity) >= end;
    if (!this.#hears || isHeard) this.#give();
  }

  #give(): void {
    const complete = this.#complete;
    this.#complete = null;
    if (!complete) return;
    const { format, pictures, to } = complete;
    const sound = this.#sound.filter(({ at }) => at < to);
    this.#sound = this.#sound.filter(({ at }) => at >= to);
    this.#hears = sound.length > 0 || this.#sound.length > 0;
    this.#onPassage({ format, pictures, sound, to });
  }
}
