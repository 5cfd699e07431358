import { isIP } from "node:net";

/** A kind of value that a setting can take. */
export interface ValueKind<T> {
  /** Ends the sentence "--flag takes …" when a value is refused. */
  readonly takes: string;
  /** Text to value; `undefined` refuses the text. */
  read(text: string): T | undefined;
}

/** A whole number from `min` to `max`, both included. */
export function wholeNumber(min: number, max: number): ValueKind<number> {
  return {
    takes: `a whole number from ${min} to ${max}`,
    read(text) {
      const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
      return value >= min && value <= max ? value : undefined;
    },
  };
}

/** One of the names, written exactly so. */
export function oneOf<T extends string>(names: readonly T[]): ValueKind<T> {
  return { takes: inWords(names), read: (text) => names.find((name) => name === text) };
}

/** Any text but a blank one, without the space around it. */
export function someText(takes: string): ValueKind<string> {
  return { takes, read: (text) => text.trim() || undefined };
}

/** Text that fits one line of a page. */
export const ONE_LINE: ValueKind<string> = {
  takes: "1 to 100 characters on one line",
  read(text) {
    const line = text.trim();
    return line.length >= 1 && line.length <= 100 && !/\p{Cc}/u.test(line) ? line : undefined;
  },
};

/** An IP address or a host name. */
export const HOST: ValueKind<string> = {
  takes: "an address or name of this machine, such as 0.0.0.0 or 127.0.0.1",
  read(text) {
    const label = "[a-z0-9]([a-z0-9-]*[a-z0-9])?";
    const isName = new RegExp(`^${label}(\\.${label})*$`, "i").test(text);
    // What is all digits and dots but no address is a mistyped address, not a name.
    return isIP(text) || (isName && !/^[\d.]+$/.test(text)) ? text : undefined;
  },
};

/** Pixels, as `1280x720`. */
export const RESOLUTION: ValueKind<{ width: number; height: number }> = {
  takes: "width x height from 16x16 to 7680x4320, such as 1280x720",
  read(text) {
    const match = /^(\d{2,4})[x×](\d{2,4})$/i.exec(text);
    const [width, height] = [Number(match?.[1]), Number(match?.[2])];
    const fits = width >= 16 && width <= 7680 && height >= 16 && height <= 4320;
    return fits ? { width, height } : undefined;
  },
};

/** An address that a browser can open. */
export const WEB_ADDRESS: ValueKind<string> = {
  takes: "an address that begins with https:// or http://",
  read(text) {
    const url = URL.canParse(text) ? new URL(text) : null;
    return url && /^https?:$/.test(url.protocol) && text.length <= 1000 ? url.href : undefined;
  },
};

/** Sites, parted by commas, in the form in which browsers name them (RFC 6454 section 6.2). */
export const ORIGINS: ValueKind<readonly string[]> = {
  takes: "sites such as https://example.com, without a path",
  read(text) {
    const origins = text.split(",").map((part) => part.trim().toLowerCase());
    return origins.every(isOrigin) ? origins : undefined;
  },
};

function isOrigin(text: string): boolean {
  // The origins end up in headers, where other characters that a host may have mean something.
  return /^https?:\/\/[a-z0-9.:[\]-]+$/.test(text) && URL.canParse(text) &&
    new URL(text).origin === text;
}

/** A secret that is long enough not to be guessed, and can stand in an address and a header. */
export const TOKEN: ValueKind<string> = {
  takes: "12 to 200 letters, digits, - or _",
  read: (text) => /^[\w-]{12,200}$/.test(text) ? text : undefined,
};

const SI_PREFIXES: Readonly<Record<string, number>> = { "": 1, k: 1e3, m: 1e6, g: 1e9 };

/** Bits per second. Decimal prefixes, as network rates have them; bytes are refused. */
export const BIT_RATE: ValueKind<number> = {
  takes: "bits per second from 100kbit to 100gbit, such as 100mbit, 20M or 5000kbit",
  read(text) {
    const match = /^(\d{1,12}(?:\.\d{1,6})?) ?([kmg]?)(?:bits?|bps|bit\/s)?$/i.exec(text);
    if (!match) return undefined;
    const [, number, prefix = ""] = match;
    const rate = Math.round(Number(number) * SI_PREFIXES[prefix.toLowerCase()]);
    return rate >= 100e3 && rate <= 100e9 ? rate : undefined;
  },
};

/** Whether something is wanted. */
export const SWITCH: ValueKind<boolean> = {
  takes: "yes or no",
  read(text) {
    if (/^(yes|true|on|1)$/i.test(text)) return true;
    if (/^(no|false|off|0)$/i.test(text)) return false;
    return undefined;
  },
};

/** `["a", "b", "c"]` → `a, b or c`. */
export function inWords(names: readonly string[]): string {
  return names.join(", ").replace(/, ([^,]+)$/, " or $1");
}
