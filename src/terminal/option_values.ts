import type { ControlSetting } from "../camera_controls/control.ts";
import { parseTarget, TARGETS } from "../consumers/publisher/target.ts";
import type { KeepRule } from "../consumers/recording/keep.ts";
import { type MqttAddress, readMqttAddress } from "../integrations/mqtt_address.ts";
import { AddressRange } from "../net/address_range.ts";
import { parseHttpUrl } from "../net/http_url.ts";
import { parseIp } from "../net/ip_address.ts";
import { isOrigin } from "../origin.ts";

/** A kind of value that an option can take. */
export interface ValueKind<T> {
  /** Ends the sentence "--flag must be …" when a value is refused. */
  readonly mustBe: string;
  /** Whether error messages may show the whole value, including paths of addresses. */
  readonly isPublic?: boolean;
  /** Returns the value of a text; `undefined` refuses the text. */
  read(text: string): T | undefined;
}

/** Returns the kind of a whole number from `min` to `max`, both included. */
export function wholeNumber(min: number, max: number): ValueKind<number> {
  return {
    mustBe: `a whole number from ${min} to ${max}`,
    read(text) {
      const value = (min < 0 ? /^-?\d{1,9}$/ : /^\d{1,9}$/).test(text) ? Number(text) : NaN;
      return value >= min && value <= max ? value : undefined;
    },
  };
}

/** Returns the kind of one of these names, written exactly so. */
export function oneOf<T extends string>(names: readonly T[]): ValueKind<T> {
  return { mustBe: inWords(names), read: (text) => names.find((name) => name === text) };
}

/** Returns the kind of one of these numbers. */
export function oneNumberOf<T extends number>(numbers: readonly T[]): ValueKind<T> {
  return {
    mustBe: inWords(numbers.map(String)),
    read: (text) => numbers.find((number) => String(number) === text),
  };
}

/** Returns the kind of any text except a blank one; space around the text is cut. */
export function someText(mustBe: string): ValueKind<string> {
  return { mustBe, read: (text) => text.trim() || undefined };
}

/** Text that fits one line of a page. */
export const ONE_LINE: ValueKind<string> = {
  mustBe: "1 to 100 characters on one line",
  read(text) {
    const line = text.trim();
    return line.length >= 1 && line.length <= 100 && !/\p{Cc}/u.test(line) ? line : undefined;
  },
};

/** An IP address or a host name. */
export const HOST: ValueKind<string> = {
  mustBe: "an address of this machine, such as 0.0.0.0 or 127.0.0.1, or localhost",
  read: (text) => parseIp(text) !== null || isHostName(text) ? text : undefined,
};

/** Host names, separated by commas; read in lower case. */
export const HOST_NAMES: ValueKind<readonly string[]> = {
  mustBe: "names without a port, such as stream.example.com",
  read: (text) => listOf(text, isHostName),
};

/** IP addresses and ranges of them (RFC 4632 section 3.1), separated by commas. */
export const ADDRESS_RANGES: ValueKind<readonly string[]> = {
  mustBe: "IP addresses such as 127.0.0.1 or 10.0.0.0/8",
  read: (text) => listOf(text, (range) => AddressRange.parse(range) !== null),
};

function isHostName(text: string): boolean {
  const label = "[a-z0-9]([a-z0-9-]*[a-z0-9])?";
  const isName = new RegExp(`^${label}(\\.${label})*$`, "i").test(text);
  // Digits and dots that are no address are a mistyped address, not a name.
  return isName && !/^[\d.]+$/.test(text);
}

/** Returns the parts of a list in lower case; `undefined` if one of them is invalid. */
function listOf(text: string, isValid: (part: string) => boolean): string[] | undefined {
  const parts = text.split(",").map((part) => part.trim().toLowerCase());
  return parts.every(isValid) ? parts : undefined;
}

/** A size in pixels, such as `1280x720`. */
export const RESOLUTION: ValueKind<{ width: number; height: number }> = {
  mustBe: "width x height from 16x16 to 7680x4320, such as 1280x720",
  read(text) {
    const match = /^(\d{2,4})[x×](\d{2,4})$/i.exec(text);
    const [width, height] = [Number(match?.[1]), Number(match?.[2])];
    const fits = width >= 16 && width <= 7680 && height >= 16 && height <= 4320;
    return fits ? { width, height } : undefined;
  },
};

/** Milliseconds of each unit in which durations are written. */
const UNITS: Readonly<Record<string, number>> = { s: 1e3, m: 6e4, h: 36e5, d: 864e5 };

/** Bytes of each unit in which sizes are written. */
const BYTE_UNITS: Readonly<Record<string, number>> = { kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 };

/** Returns a duration such as `90s`, `10m`, `2h` or `7d` in milliseconds; `undefined` for other text. */
export function readDuration(text: string): number | undefined {
  const [, number, unit = ""] = /^(\d{1,6}(?:\.\d{1,3})?)([smhd])$/i.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * UNITS[unit.toLowerCase()];
}

/** Returns a size such as `300mb` or `20gb` in bytes; `undefined` for other text. */
export function readByteSize(text: string): number | undefined {
  const [, number, unit = ""] = /^(\d{1,6}(?:\.\d{1,3})?)([kmgt]b)$/i.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * BYTE_UNITS[unit.toLowerCase()];
}

/**
 * Returns the kind of a duration in milliseconds, where `off` is 0.
 *
 * @param words Names the least and the most in an error message.
 */
export function duration(min: number, max: number, words: string): ValueKind<number> {
  return {
    mustBe: `off, or ${words}`,
    read(text) {
      if (/^off$/i.test(text)) return 0;
      const value = readDuration(text);
      return value !== undefined && value >= min && value <= max ? value : undefined;
    },
  };
}

/** A number of bytes to keep. */
export const BYTE_SIZE: ValueKind<number> = {
  mustBe: "a size from 1mb to 1tb, such as 300mb or 2gb",
  read(text) {
    const value = readByteSize(text);
    return value !== undefined && value >= 1e6 && value <= 1e12 ? Math.floor(value) : undefined;
  },
};

/** How much to keep: a size, an age, or both, separated by a comma. */
export const KEEP: ValueKind<KeepRule> = {
  mustBe: "a size from 1mb, an age from 1m, or both, such as 20gb, 7d or 20gb,7d",
  read(text) {
    const parts = text.split(",").map((part) => part.trim());
    if (parts.length > 2) return undefined;
    const sizes = parts.map(readByteSize).filter((size) => size !== undefined);
    const ages = parts.map(readDuration).filter((age) => age !== undefined);
    const isRight = sizes.length <= 1 && ages.length <= 1 &&
      sizes.length + ages.length === parts.length;
    const [bytes = null] = sizes, [age = null] = ages;
    if (!isRight || (bytes ?? 1e6) < 1e6 || (age ?? 6e4) < 6e4) return undefined;
    return { bytes, age };
  },
};

/** An address that a browser can open. */
export const WEB_ADDRESS: ValueKind<string> = {
  mustBe: "an address that begins with https:// or http://",
  isPublic: true,
  read(text) {
    const url = URL.canParse(text) ? new URL(text) : null;
    return url && /^https?:$/.test(url.protocol) && text.length <= 1000 ? url.href : undefined;
  },
};

/** Addresses to publish to. They may contain commas, so blanks separate them. */
export const PUBLISH: ValueKind<readonly string[]> = {
  mustBe: TARGETS,
  read(text) {
    const addresses = text.trim().split(/\s+/);
    return addresses.every((address) => parseTarget(address) !== null) ? addresses : undefined;
  },
};

/** An address that events are posted to; its path and user name may be secret. */
export const POST_ADDRESS: ValueKind<URL> = {
  mustBe: "an address that begins with https:// or http://, of a name or an IPv4 address",
  read: (text) => parseHttpUrl(text.trim()) ?? undefined,
};

/** An MQTT broker. */
export const MQTT_ADDRESS: ValueKind<MqttAddress> = {
  mustBe: "an address such as mqtt://user:password@host:1883/prefix, or mqtts://…",
  read: (text) => readMqttAddress(text.trim()) ?? undefined,
};

/** A currency, by its code in ISO 4217. */
export const CURRENCY: ValueKind<string> = {
  mustBe: "a currency code such as EUR",
  isPublic: true,
  read(text) {
    const code = text.toUpperCase();
    return Intl.supportedValuesOf("currency").includes(code) ? code : undefined;
  },
};

/** The path at which a proxy serves the pages, of characters that need no percent-encoding. */
export const BASE_PATH: ValueKind<string> = {
  mustBe: "a path of letters, digits, -, ., _ and ~, such as /cam",
  isPublic: true,
  read(text) {
    const path = text.endsWith("/") ? text : `${text}/`;
    const isPath = /^\/([\w.~-]+\/)*$/.test(path) && path.length <= 200;
    return isPath && !/\/\.\.?\//.test(path) ? path : undefined;
  },
};

/** Sites, separated by commas, as browsers write their origins (RFC 6454 section 6.2). */
export const ORIGINS: ValueKind<readonly string[]> = {
  mustBe: "sites such as https://example.com, without a path",
  isPublic: true,
  read: (text) => listOf(text, isOrigin),
};

/** Camera controls as `name=value`, separated by commas; names are read in lower case. */
export const CONTROLS: ValueKind<readonly ControlSetting[]> = {
  mustBe: "name=value with a whole number, such as brightness=128",
  read(text) {
    const settings = text.split(",").map(readControlSetting);
    return settings.every((setting) => setting !== undefined) ? settings : undefined;
  },
};

function readControlSetting(text: string): ControlSetting | undefined {
  const match = /^\s*(\w{1,64})\s*=\s*(-?\d{1,10}|0x[\da-f]{1,8})\s*$/i.exec(text);
  return match ? { name: match[1].toLowerCase(), value: Number(match[2]) } : undefined;
}

/** A secret that is too long to guess and is valid in an address and a header. */
export const TOKEN: ValueKind<string> = {
  mustBe: "12 to 200 letters, digits, - or _",
  read: (text) => /^[\w-]{12,200}$/.test(text) ? text : undefined,
};

/** A secret that people type. */
export const PASSWORD: ValueKind<string> = {
  mustBe: "8 to 200 characters on one line",
  read: (text) => /^[^\p{Cc}]{8,200}$/u.test(text) ? text : undefined,
};

const SI_PREFIXES: Readonly<Record<string, number>> = { "": 1, k: 1e3, m: 1e6, g: 1e9 };

/** Bits per second of a network link. */
export const BIT_RATE: ValueKind<number> = {
  mustBe: "a rate from 100kbit to 100gbit, such as 100mbit, 20M or 5000kbit",
  read: (text) => bitRate(text, 100e3, 100e9),
};

/** Bits per second of an encoder of sound. */
export const SOUND_BIT_RATE: ValueKind<number> = {
  mustBe: "a rate from 6k to 256k, such as 48k or 96kbit",
  read: (text) => bitRate(text, 6e3, 256e3),
};

/** Returns bits per second, with decimal prefixes as usual for network rates; bytes are refused. */
function bitRate(text: string, min: number, max: number): number | undefined {
  const match = /^(\d{1,12}(?:\.\d{1,6})?) ?([kmg]?)(?:bits?|bps|bit\/s)?$/i.exec(text);
  if (!match) return undefined;
  const [, number, prefix = ""] = match;
  const rate = Math.round(Number(number) * SI_PREFIXES[prefix.toLowerCase()]);
  return rate >= min && rate <= max ? rate : undefined;
}

/** Yes or no. */
export const SWITCH: ValueKind<boolean> = {
  mustBe: "yes or no",
  read(text) {
    if (/^(yes|true|on|1)$/i.test(text)) return true;
    if (/^(no|false|off|0)$/i.test(text)) return false;
    return undefined;
  },
};

/** Returns names as a sentence lists them: `["a", "b", "c"]` → `a, b or c`. */
export function inWords(names: readonly string[]): string {
  return names.join(", ").replace(/, ([^,]+)$/, " or $1");
}
