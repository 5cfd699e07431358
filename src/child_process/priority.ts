import { C_LIBRARY } from "../c_library.ts";

const PRIO_PROCESS = 0;

/** Of 0 to 19: a process without it gets about nine times as much of a busy processor. */
const NICENESS = 10;

/**
 * Lowers the priority of a child process (setpriority(2)). Linux keeps one for each thread, which new threads
 * inherit; a child that was just started has one.
 *
 * @param pid A child that was just started.
 * @throws It is not possible here: the system is not Linux, or the C library is not glibc.
 */
export function lowerPriority(pid: number): void {
  if (Deno.build.os !== "linux") throw new Error(`No such priority on ${Deno.build.os}`);
  const libc = Deno.dlopen(
    C_LIBRARY,
    { setpriority: { parameters: ["i32", "u32", "i32"], result: "i32" } } as const,
  );
  try {
    if (libc.symbols.setpriority(PRIO_PROCESS, pid, NICENESS) !== 0) {
      throw new Error("The system refuses the priority");
    }
  } finally {
    libc.close();
  }
}
