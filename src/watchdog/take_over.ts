import { z } from "zod";
import { C_LIBRARY } from "../c_library.ts";
import { SYSTEM_CLOCK } from "../clock.ts";
import type { Logger } from "../log/log.ts";
import { type Handover, HANDOVER_VARIABLE, pauseBefore } from "./handover.ts";

const HANDOVER = z.object({
  adminToken: z.string().min(1),
  port: z.int().min(1).max(65_535),
  restarts: z.int().min(1),
  offAir: z.boolean(),
});

/** WNOHANG of <sys/wait.h>. */
const NO_WAIT = 1;
const ANY_CHILD = -1;

/** How long the children of the previous process may take to end. Milliseconds. */
const LIMIT_MS = 2_000;
const LOOK_EVERY_MS = 20;

/**
 * Takes over from the previous process, if this one is a restart; otherwise returns `null` at once. Waits
 * until the children of that process are gone, and after several restarts in a row for another while.
 *
 * Call it before starting any child.
 */
export async function takeOver(log: Logger): Promise<Handover | null> {
  const handover = readHandover(Deno.env.get(HANDOVER_VARIABLE));
  if (handover === null) return null;
  // Children inherit the environment, and it holds the token.
  Deno.env.delete(HANDOVER_VARIABLE);
  await awaitOrphans();
  const pause = pauseBefore(handover.restarts);
  if (pause > 0) {
    const times = `${handover.restarts} times in a row`;
    log.warn(`Starting in ${pause / 1000} s: the server stopped responding ${times}`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return handover;
}

/**
 * Waits, for 2 s at most, until the children that this process had before execve(2) have ended. Otherwise
 * each would stay a zombie, and an ffmpeg that is still ending would hold the camera.
 */
async function awaitOrphans(): Promise<void> {
  const libc = Deno.dlopen(
    C_LIBRARY,
    { waitpid: { parameters: ["i32", "pointer", "i32"], result: "i32" } } as const,
  );
  try {
    const end = SYSTEM_CLOCK.monotonic() + LIMIT_MS;
    while (SYSTEM_CLOCK.monotonic() < end) {
      const pid = libc.symbols.waitpid(ANY_CHILD, null, NO_WAIT);
      // -1 means that no child is left, 0 that none has ended yet.
      if (pid < 0) return;
      if (pid === 0) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  } finally {
    libc.close();
  }
}

/** Parses the value of {@linkcode HANDOVER_VARIABLE}; `null` if there is none or it is damaged. */
export function readHandover(text: string | undefined): Handover | null {
  if (!text) return null;
  try {
    return HANDOVER.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
