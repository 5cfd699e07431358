import { C_LIBRARY } from "../../c_library.ts";

/*
 * The system calls are the same on x86-64 and ARM64: pidfd_open(2), pidfd_getfd(2), fcntl(2).
 */
const SYS_PIDFD_OPEN = 434n;
const SYS_PIDFD_GETFD = 438n;
const F_GETFL = 3;
const F_SETFL = 4;
const F_SETOWN = 8;
const F_SETSIG = 10;
const O_ASYNC = 0x2000;
const SIGKILL = 9n;
const STDIN = 0n;

/**
 * Makes the kernel kill a child as soon as this process ends, however it ends.
 *
 * The child's standard input must be a pipe whose other end only this process holds. When this process
 * ends, that end closes, and the kernel notifies readers with `O_ASYNC` by a signal that can be chosen
 * (`F_SETSIG`): SIGKILL. The child takes no part in this, so it dies even if it hangs in a driver's
 * poll. Flags and signal belong to the open file, which the child shares with the duplicate made here,
 * so they stay set when the duplicate is closed.
 *
 * From then on, anything written to that pipe kills the child too.
 *
 * @param pid A child that was just started.
 * @throws It is not possible here: the system is not Linux 5.6 or later, the C library is not
 * glibc, or the calls are forbidden, as in some containers and with Yama's `ptrace_scope` 2 and 3.
 */
export function armDeadMansSwitch(pid: number): void {
  if (Deno.build.os !== "linux") throw new Error(`No such switch on ${Deno.build.os}`);
  const libc = Deno.dlopen(
    C_LIBRARY,
    {
      syscall: { parameters: ["i64", "i64", "i64", "i64"], result: "i64" },
      fcntl: { parameters: ["i32", "i32", "i64"], result: "i32" },
      close: { parameters: ["i32"], result: "i32" },
    } as const,
  );
  const { syscall, fcntl, close } = libc.symbols;
  const opened: number[] = [];
  const open = (what: string, number: bigint, of: bigint, which: bigint): number => {
    const descriptor = Number(syscall(number, of, which, 0n));
    if (descriptor < 0) throw new Error(`The system refuses ${what}`);
    opened.push(descriptor);
    return descriptor;
  };
  try {
    const child = open("pidfd_open", SYS_PIDFD_OPEN, BigInt(pid), 0n);
    const stdin = open("pidfd_getfd", SYS_PIDFD_GETFD, BigInt(child), STDIN);
    const flags = fcntl(stdin, F_GETFL, 0n) | O_ASYNC;
    const isArmed = fcntl(stdin, F_SETSIG, SIGKILL) === 0 &&
      fcntl(stdin, F_SETOWN, BigInt(pid)) === 0 && fcntl(stdin, F_SETFL, BigInt(flags)) === 0;
    if (!isArmed) throw new Error("The system refuses O_ASYNC on a pipe");
  } finally {
    for (const descriptor of opened) close(descriptor);
    libc.close();
  }
}
