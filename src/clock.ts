/** Where a part reads the time. */
export interface Clock {
  /** Returns wall time, which anyone may set: milliseconds since the Unix epoch. */
  wall(): number;
  /** Returns monotonic time, which only goes forward: milliseconds since an unnamed moment. */
  monotonic(): number;
}

/** The operating system's clock, for everything but tests. */
export const SYSTEM_CLOCK: Clock = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
};
