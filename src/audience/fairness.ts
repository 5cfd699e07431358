/** Who shares a link. */
export interface Sharer {
  /** Bits a second that are of use to them. */
  readonly demand: number;
  /** 2 counts double. */
  readonly weight: number;
}

/**
 * Shares a link by weighted max-min fairness (Bertsekas and Gallager, Data Networks, 6.5.2): nobody gets
 * more than they need, and what they leave goes to the others until the shares per weight are level. So
 * no share can grow without making a smaller one smaller.
 *
 * @param capacity Bits a second.
 * @returns What each may take at most, in the same order: the level share, which may be more than they
 * need now, so that they can come to need more.
 */
export function maxMinShares(capacity: number, sharers: readonly Sharer[]): number[] {
  const rising = [...sharers].sort((a, b) => a.demand / a.weight - b.demand / b.weight);
  let left = capacity;
  let weights = sharers.reduce((sum, { weight }) => sum + weight, 0);
  let level = weights > 0 ? left / weights : 0;
  for (const { demand, weight } of rising) {
    level = left / weights;
    if (demand / weight >= level) break;
    left -= demand;
    weights -= weight;
    // Whoever is left when nobody needs more could have all the rest.
    if (weights <= 0) break;
  }
  return sharers.map(({ weight }) => level * weight);
}
