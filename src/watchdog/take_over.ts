import { z } from "zod";
import { C_LIBRARY } from "../c_library.ts";
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

/** How long children of the process before may take to end. Milliseconds. */
const LIMIT_MS = 2_000;
const LOOK_EVERY_MS = 20;

/**
 * Takes over from the process before, if this one is a restart; else returns `null` at once. Waits
 * until its children are gone, and after several restarts in a row for another while.
 *
 * To be called before any child is started.
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
    log.warn(`Starting in ${pause / 1000} s: the server stood still ${times}`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return handover;
}

/**
 * Waits, 2 s at most, until the children have ended that this process had before execve(2), which
 * keeps them: else each would stay a zombie, and an ffmpeg that still ends would hold the camera.
 */
async function awaitOrphans(): Promise<void> {
  const libc = Deno.dlopen(
    C_LIBRARY,
    { waitpid: { parameters: ["i32", "pointer", "i32"], result: "i32" } } as const,
  );
  try {
    for (const end = performance.now() + LIMIT_MS; performance.now() < end;) {
      const pid = libc.symbols.waitpid(ANY_CHILD, null, NO_WAIT);
      // -1 says that no child is left, 0 that none has ended yet.
      if (pid < 0) return;
      if (pid === 0) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  } finally {
    libc.close();
  }
}

/** Reads the value of {@linkcode HANDOVER_VARIABLE}; `null` if there is none, or it is damaged. */
export function readHandover(text: string | undefined): Handover | null {
  if (!text) return null;
  try {
    return HANDOVER.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
