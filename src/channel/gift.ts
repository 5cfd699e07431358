import { MAX_KEY } from "./key.ts";
import { type Outcome, refuse, type Refused } from "./refusal.ts";
import { lengthOf, plainText } from "./text.ts";

/** A donation that a viewer makes. */
export interface Gift {
  /** `null` without a cookie: counted and celebrated, but not on the list of supporters. */
  readonly viewer: string | null;
  /** The donor's address or network; donors without one count as one. */
  readonly capacityKey?: string;
  /** The page's own name for it, up to 64 characters. The same key never counts twice. */
  readonly key?: string;
  /** The donor's name from now on. */
  readonly name?: string;
  /** Above 0, to 1,000,000, with up to two decimals. */
  readonly amount?: number | null;
  /** Up to 200 code points. */
  readonly message?: string;
}

/** The largest amount of a donation. */
export const MAX_AMOUNT = 1_000_000;

/** The most code points of a donation's message. */
export const MAX_DONATION_MESSAGE = 200;

/** Returns the plain text of a donation's message, or why the donation is refused. */
export function checkGift(gift: Gift): Outcome<{ readonly message: string }> {
  const invalid = invalidKey(gift.key ?? "") ?? invalidAmount(gift.amount ?? null);
  if (invalid) return invalid;
  const message = plainText(gift.message ?? "");
  const length = lengthOf(message);
  if (length <= MAX_DONATION_MESSAGE) return { message };
  return refuse("too-long", { length, max: MAX_DONATION_MESSAGE });
}

function invalidKey({ length }: string): Refused | null {
  return length <= MAX_KEY ? null : refuse("donation-key", { max: MAX_KEY, length });
}

function invalidAmount(amount: number | null): Refused | null {
  if (amount === null) return null;
  if (!(amount > 0 && amount <= MAX_AMOUNT)) {
    return refuse("amount-range", { max: MAX_AMOUNT, amount });
  }
  const isWholeCents = Math.round(amount * 100) / 100 === amount;
  return isWholeCents ? null : refuse("amount-decimals", { amount });
}
