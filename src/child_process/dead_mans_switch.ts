import { C_LIBRARY } from "../c_library.ts";

const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0o2000000;
const F_GETFL = 3;
const F_SETFL = 4;
const F_SETOWN = 8;
const F_SETSIG = 10;
const O_ASYNC = 0x2000;
const SIGKILL = 9n;

/**
 * Makes the kernel kill a child as soon as this process ends, however it ends.
 *
 * This process holds both ends of a socket pair. When it ends, the kernel closes them one after the other, and
 * notifies the end that is still open of it: with `O_ASYNC`, by a signal that can be chosen (`F_SETSIG`), SIGKILL,
 * to a process that can be chosen (`F_SETOWN`), the child. The child takes no part in this, so it dies even if
 * it hangs in a driver's poll or was stopped, and its standard streams are free for other use. A child that has
 * ended is not confused with another one that gets its process id.
 *
 * @param pid A child that was just started.
 * @returns A function that closes the pair. If the child still runs, that kills it.
 * @throws It is not possible here: the system is not Linux, the C library is not glibc, or the calls are
 * forbidden.
 */
export function armDeadMansSwitch(pid: number): () => void {
  if (Deno.build.os !== "linux") throw new Error(`No such switch on ${Deno.build.os}`);
  const libc = Deno.dlopen(
    C_LIBRARY,
    {
      socketpair: { parameters: ["i32", "i32", "i32", "buffer"], result: "i32" },
      fcntl: { parameters: ["i32", "i32", "i64"], result: "i32" },
      close: { parameters: ["i32"], result: "i32" },
    } as const,
  );
  const { socketpair, fcntl, close } = libc.symbols;
  const pair = new Int32Array(2);
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) !== 0) {
    libc.close();
    throw new Error("The system refuses a socket pair");
  }
  const disarm = () => {
    for (const end of pair) close(end);
    libc.close();
  };
  const isArmed = pair.every((end) =>
    fcntl(end, F_SETSIG, SIGKILL) === 0 && fcntl(end, F_SETOWN, BigInt(pid)) === 0 &&
    fcntl(end, F_SETFL, BigInt(fcntl(end, F_GETFL, 0n) | O_ASYNC)) === 0
  );
  if (!isArmed) {
    disarm();
    throw new Error("The system refuses O_ASYNC on a socket");
  }
  return disarm;
}
