import { cpuUsage } from "node:process";

/** Returns the processor time of this process so far, in milliseconds, which other load hardly changes. */
export function cpuTime(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}
