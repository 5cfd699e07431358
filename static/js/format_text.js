/**
 * @typedef {string | Readonly<Record<string, string>>} Text A text, or one for each plural category of its language
 *   (Unicode CLDR): `{ "one": "{count} message", "other": "{count} messages" }`.
 *
 * @typedef {Readonly<Record<string, string | number>>} TextValues
 *
 * @callback Formatter
 * @param {Text} text
 * @param {TextValues} [values]
 * @returns {string}
 */

/**
 * Returns a function that fills values into a language's texts: `{name}` becomes the value of that name, `count` chooses
 * the plural, and numbers are written as the language writes them.
 *
 * @param {string} language BCP 47 tag.
 * @returns {Formatter}
 */
export function formatterOf(language) {
  const plurals = new Intl.PluralRules(language);
  /** @type {Intl.NumberFormat | undefined} The first of a program takes many milliseconds. */
  let numbers;
  const numberText = (/** @type {number} */ value) => {
    if (Number.isInteger(value) && Math.abs(value) < 1000) return String(value);
    numbers ??= new Intl.NumberFormat(language);
    return numbers.format(value);
  };
  return (text, values = {}) => {
    const whole = typeof text === "string"
      ? text
      : text[plurals.select(Number(values.count))] ?? text.other;
    return whole.replace(/\{(\w+)\}/g, (slot, name) => {
      const value = values[name] ?? slot;
      return typeof value === "number" ? numberText(value) : value;
    });
  };
}
