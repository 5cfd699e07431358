/**
 * Who chooses the congestion control of streams: `auto`, the program where the system lets it, or `system`,
 * the system.
 */
export const CONGESTION_CHOICES = ["auto", "system"] as const;
/** One of {@linkcode CONGESTION_CHOICES}. */
export type CongestionChoice = (typeof CONGESTION_CHOICES)[number];

/**
 * What the program chooses: BBR (draft-ietf-ccwg-bbr), which a few lost packets do not slow down. Cubic, the
 * default of most systems, takes each for a full queue; on Wi-Fi they are none.
 */
export const STREAM_CONGESTION = "bbr";

/**
 * Returns a line for the log that says which congestion control streams have, and why.
 *
 * @param actual What a connection has after the choice.
 */
export function congestionLine(choice: CongestionChoice, actual: string): string {
  const line = `Congestion control of streams: ${actual}`;
  if (choice === "system") return `${line}, the system's choice (--congestion system)`;
  if (actual === STREAM_CONGESTION) return line;
  return `${line}, as this system does not allow ${STREAM_CONGESTION}: ` +
    "sysctl net.ipv4.tcp_allowed_congestion_control";
}
