/** Pictures keep this part of what there is, however much sound there is. */
const LEAST_FOR_PICTURES = 0.25;

/** Returns what sound leaves to pictures. All in bits a second. */
export function besideSound(total: number, sound: number): number {
  return Math.max(total - sound, LEAST_FOR_PICTURES * total);
}
