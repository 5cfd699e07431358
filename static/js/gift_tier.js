/** The least amount of the tiers 2, 3 and 4. */
const TIERS = [5, 20, 50];

/**
 * Returns the tier whose colour a donation has in the chat, 1..4.
 *
 * @param {number | null} amount `null` for a donation without an amount.
 */
export function tierOf(amount) {
  return 1 + TIERS.filter((least) => (amount ?? 0) >= least).length;
}
