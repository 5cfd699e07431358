import { setTimeout as delay } from "node:timers/promises";

export interface UntilOptions {
  /** Maximum wait. Milliseconds. Default: 10 s. */
  readonly timeout?: number;
  /** Pause between two attempts. Milliseconds. Default: 50. */
  readonly every?: number;
}

/**
 * Polls until `ask` returns a wanted value, and returns that value. An error of `ask` ends the wait.
 *
 * @param what What is awaited, for the error: `the camera to be live`.
 * @param wanted Default: any value that is true as a condition.
 */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  wanted: (value: T) => boolean = Boolean,
  { timeout = 10_000, every = 50 }: UntilOptions = {},
): Promise<T> {
  const end = performance.now() + timeout;
  for (;;) {
    const value = await ask();
    if (wanted(value)) return value;
    if (performance.now() > end) {
      throw new Error(`Waited ${timeout / 1000} s for ${what}: ${Deno.inspect(value)}`);
    }
    await delay(every);
  }
}
