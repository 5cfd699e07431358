import {
  environmentNameOf,
  flagOf,
  type Name,
  NAMES,
  type Setting,
  SETTINGS,
} from "../terminal/option_table.ts";

/** What was given for a setting, word for word: a list may be given in pieces. */
export type GivenSettings = ReadonlyMap<Name, readonly string[]>;

const BY_FLAG = new Map(NAMES.flatMap((name) => {
  const { short } = SETTINGS[name] as Setting;
  return [[flagOf(name), name], ...(short ? [[`-${short}`, name]] : [])] as [string, Name][];
}));

/**
 * What a command line and the environment give, in the order of the options' table. A flag wins
 * over the environment; of a flag given twice that is no list, the last counts.
 *
 * @param args A command line that was read without complaint.
 * @param env The environment; an empty variable counts as none.
 */
export function givenSettings(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): GivenSettings {
  const given = new Map<Name, string[]>();
  const words = [...args];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === "--") {
      for (const port of words.splice(0)) given.set("port", [port]);
      break;
    }
    const [, long, after] = /^(--[^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    const flag = long ?? word.slice(0, 2);
    const attached = long ? after : word.slice(2) || undefined;
    const name = BY_FLAG.get(flag);
    if (name === undefined) {
      given.set("port", [word]);
      continue;
    }
    const { value, initial } = SETTINGS[name] as Setting;
    const text = value === undefined ? "yes" : attached ?? words.shift() ?? "";
    given.set(name, Array.isArray(initial) ? [...given.get(name) ?? [], text] : [text]);
  }
  for (const name of NAMES) {
    const text = env[environmentNameOf(name)];
    if (text && !given.has(name)) given.set(name, [text]);
  }
  return new Map(NAMES.flatMap((name) => {
    const texts = given.get(name);
    return texts ? [[name, texts] as const] : [];
  }));
}
