import { z } from "zod";
import { BoundedMap } from "../../bounded_map.ts";
import { type Filter, FILTERS, type Quality } from "../../media/rendition.ts";

export const MODES = ["home", "gaming"] as const;
export type Mode = (typeof MODES)[number];

export const CHOICES = ["high", "medium", "low"] as const;
export type Choice = (typeof CHOICES)[number];

/** What one viewer chose. In Gaming mode their quality waits until they are back in Home mode. */
export interface Settings {
  readonly mode: Mode;
  readonly quality: Choice;
  readonly filter: Filter;
}

export const DEFAULT_SETTINGS: Settings = { mode: "home", quality: "high", filter: "none" };

/** IJG quality of each choice in Home mode. */
const QUALITY_OF: Readonly<Record<Choice, Quality>> = {
  high: "source",
  medium: 50,
  low: 20,
};

/** What one stream shows: as its viewer's settings say, or in the quality that its address names. */
export interface StreamSettings extends Omit<Settings, "quality"> {
  /** A number is an IJG quality, 1..100. */
  readonly quality: Choice | number;
}

/** Returns the quality of a choice or a number. At 100, no table is finer than the source's own. */
export function qualityOf(quality: Choice | number): Quality {
  if (typeof quality !== "number") return QUALITY_OF[quality];
  return quality === 100 ? "source" : quality;
}

/** What may be said of settings from outside; unknown names are ignored, unknown values refused. */
export const settingsPatch = z.object({
  mode: z.enum(MODES),
  quality: z.enum(CHOICES),
  filter: z.enum(FILTERS),
}).partial();

export type SettingsPatch = z.infer<typeof settingsPatch>;

/** Old viewers' settings are forgotten beyond this many, the longest unused first. */
const MAX_REMEMBERED = 10_000;

/** The settings of every viewer, by the id in their cookie. */
export class SettingsStore {
  readonly #settings = new BoundedMap<string, Settings>(MAX_REMEMBERED);

  /** What this viewer chose; asked for at every frame, so who watches is never forgotten. */
  get(id: string): Settings {
    const settings = this.#settings.get(id);
    if (!settings) return DEFAULT_SETTINGS;
    this.#settings.set(id, settings);
    return settings;
  }

  update(id: string, patch: SettingsPatch): Settings {
    const settings = { ...this.get(id), ...patch };
    this.#settings.set(id, settings);
    return settings;
  }
}
