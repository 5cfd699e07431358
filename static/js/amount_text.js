import { pageLanguage } from "./text.js";

/** @type {string | null} */
let currency = null;

/** @param {string | null} code The channel's currency, as in ISO 4217; `null` for plain numbers. */
export function useCurrency(code) {
  currency = code;
}

/**
 * Returns an amount in the channel's currency, with decimals only if it needs them: `€5`, `€2.50`, `20`.
 *
 * @param {number} amount
 */
export function amountText(amount) {
  const digits = Number.isInteger(amount) ? { minimumFractionDigits: 0 } : {};
  const style = currency === null
    ? { minimumFractionDigits: 2 }
    : /** @type {const} */ ({ style: "currency", currency });
  return amount.toLocaleString(pageLanguage(), { ...style, ...digits });
}

/**
 * Returns the amount that someone typed, with a decimal point or comma; `null` for none.
 *
 * @param {string} [typed] As the pattern of its field allows: `5`, `2.50`, `2,50`.
 */
export function amountOf(typed = "") {
  return typed === "" ? null : Number(typed.replace(",", "."));
}
