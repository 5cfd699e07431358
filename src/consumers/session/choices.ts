import { Emitter } from "../../events.ts";
import type { Choices } from "../../live_messages.ts";
import { QUALITIES, type QualityName } from "../../media/qualities.ts";
import type { Quality } from "../../media/rendition.ts";

/** What a viewer can choose the quality by: Home is their own choice, Gaming follows motion. */
export const MODES = ["home", "gaming"] as const satisfies readonly Choices["mode"][];

/** The choices of a viewer who has made none. */
export const DEFAULT_CHOICES: Choices = { mode: "home", quality: "high", filter: "none" };

/** What one session shows: its viewer's choices, or what the URL of its stream asks for instead. */
export interface SessionChoices extends Omit<Choices, "quality"> {
  /** A number is an IJG quality, 1..100. */
  readonly quality: QualityName | number;
}

/** Returns the quality of a choice or a number. At 100, no table is finer than the source's own. */
export function qualityOf(quality: QualityName | number): Quality {
  if (typeof quality !== "number") return QUALITIES[quality];
  return quality === 100 ? "source" : quality;
}

/** A change of some of a viewer's choices. */
export type ChoicesPatch = Partial<Choices>;

/** Beyond this many viewers, the choices that were changed the longest time ago are forgotten. */
const MAX_REMEMBERED = 10_000;

/** Events of {@linkcode ViewerChoices}. */
export interface ChoicesEvents {
  /** The viewer with this id in their cookie made these choices. */
  readonly change: { readonly id: string; readonly choices: Choices };
}

/** The choices of every viewer, by the id in their cookie. */
export class ViewerChoices {
  /** What viewers change. */
  readonly events: Emitter<ChoicesEvents> = new Emitter();
  readonly #choices = new Map<string, Choices>();
  readonly #isWatching: (id: string) => boolean;

  /**
   * Remembers nothing yet.
   *
   * @param isWatching Whether a viewer has a session open, so that their choices must be kept.
   */
  constructor(isWatching: (id: string) => boolean) {
    this.#isWatching = isWatching;
  }

  /** Returns a viewer's choices. */
  get(id: string): Choices {
    return this.#choices.get(id) ?? DEFAULT_CHOICES;
  }

  /** Changes some of a viewer's choices and returns all of them. */
  update(id: string, patch: ChoicesPatch): Choices {
    const choices = { ...this.get(id), ...patch };
    this.#choices.delete(id);
    this.#choices.set(id, choices);
    if (this.#choices.size > MAX_REMEMBERED) this.#forgetOne();
    this.events.emit("change", { id, choices });
    return choices;
  }

  /** Forgets the oldest choices of a viewer who is not watching; those of others count as new. */
  #forgetOne(): void {
    for (let tries = this.#choices.size; tries > 0; tries--) {
      const [[id, choices]] = this.#choices;
      this.#choices.delete(id);
      if (!this.#isWatching(id)) return;
      this.#choices.set(id, choices);
    }
  }
}
