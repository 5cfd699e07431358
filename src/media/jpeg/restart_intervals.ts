/** The number of fields in the kernel's Interval: start, end, number of the restart marker before it. */
export const INTERVAL_FIELDS = 3;

/**
 * Puts the restart intervals found in a scan where they belong. Restart markers count 0 to 7 in turn
 * (T.81 E.1.4), so a gap in their numbers shows how many intervals were lost.
 *
 * A gap counts if the scan lacks that many intervals and the next marker continues from there.
 * Otherwise the marker's own number is damaged, or it does not belong there at all. libjpeg goes by the
 * number alone (`jpeg_resync_to_restart`), so that one damaged bit misplaces an interval.
 *
 * @param found The intervals in the order of the data, `INTERVAL_FIELDS` numbers each, at least one.
 * @param expected How many intervals the scan has according to its header.
 * @returns The same fields for each expected interval, all zero for a lost one; `null` if every
 * interval is in its place already, as in a sound frame.
 */
export function placeIntervals(found: Int32Array, expected: number): Int32Array | null {
  const count = found.length / INTERVAL_FIELDS;
  const numbers = Array.from({ length: count }, (_, i) => found[i * INTERVAL_FIELDS + 2]);
  if (numbers.every((number, i) => i === 0 || number === numberDue(i))) return null;
  const placed = new Int32Array(expected * INTERVAL_FIELDS);
  let lost = expected - count;
  let place = 0;
  for (let i = 0; i < count && place < expected; i++) {
    const gap = i === 0 ? 0 : gapBefore(numbers[i], numbers[i + 1], numberDue(place), lost);
    lost -= gap;
    if (gap < 0) continue;
    place += gap;
    if (place === expected) break;
    placed.set(
      found.subarray(i * INTERVAL_FIELDS, (i + 1) * INTERVAL_FIELDS),
      place * INTERVAL_FIELDS,
    );
    place++;
  }
  return placed;
}

/** Returns the number of the restart marker before an interval other than the first. */
function numberDue(place: number): number {
  return (place - 1) & 7;
}

/** Returns how many intervals are missing before a marker; -1 if the marker does not belong there. */
function gapBefore(number: number, next: number | undefined, due: number, lost: number): number {
  const gap = (number - due) & 7;
  const isPossible = gap <= lost;
  const goesOn = next === undefined || next === ((number + 1) & 7);
  if (gap === 0 || (isPossible && goesOn)) return gap;
  if (next === due) return -1;
  const isDamagedNumber = next === ((due + 1) & 7);
  return isPossible && !isDamagedNumber ? gap : 0;
}
