/** @typedef {import("../../src/clock.ts").Clock} Clock */

/**
 * This device's clock, for everything but tests.
 *
 * @type {Clock}
 */
export const DEVICE_CLOCK = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
};
