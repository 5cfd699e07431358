/**
 * A name that nobody else chooses: 128 random bits in hexadecimal. `crypto.randomUUID` is missing where pages come by
 * plain HTTP from another machine.
 */
export function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
