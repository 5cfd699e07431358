import type { ValueKind } from "./option_values.ts";

/** One option: its flag, its environment variable, its value and its default. */
export interface OptionDefinition<T = unknown> extends ValueKind<T> {
  /** The letter of its short flag. */
  readonly short?: string;
  /** The placeholder for the value in the help; an option without it is a switch. */
  readonly value?: string;
  /** The default. */
  readonly initial: T;
  /** The default in words, where the value itself is not readable. */
  readonly initialText?: string;
  /** What the option does, in the help and in docs/options.md. */
  readonly help: string;
  /** Whether error messages must not show the value. */
  readonly isSecret?: boolean;
}

/**
 * Returns an option's flag: `maxViewers` → `--max-viewers`.
 *
 * @param initial Its default; the flag of a switch that is on turns it off: `mdns` → `--no-mdns`.
 */
export function flagOf(name: string, { initial }: Pick<OptionDefinition, "initial">): string {
  return `--${initial === true ? "no-" : ""}${
    name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  }`;
}

/** Returns an option's environment variable: `maxViewers` → `LIVESTREAM_MAX_VIEWERS`. */
export function environmentNameOf(name: string): string {
  return `LIVESTREAM_${name.replace(/[A-Z]/g, "_$&").toUpperCase()}`;
}

/** Returns an option's default as the help shows it; empty for a switch that is off. */
export function defaultTextOf({ initial, initialText }: OptionDefinition): string {
  if (typeof initial === "boolean") return initial ? "yes" : "";
  return initialText ?? String(initial);
}
