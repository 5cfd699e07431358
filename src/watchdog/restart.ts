import { C_LIBRARY } from "../c_library.ts";

/** What the process that replaces this one is started with. */
export interface RestartPlan {
  /** The file of the program. */
  readonly program: string;
  /** What follows the program's name. */
  readonly args: readonly string[];
  /** The variables to set in addition to those of this process. */
  readonly variables: Readonly<Record<string, string>>;
  /** Whether the hangup signal was ignored when this process started, as by nohup(1). */
  readonly ignoresHangup: boolean;
}

/** The exit code of a stuck process that cannot be replaced: EX_SOFTWARE of <sysexits.h>. */
const EXIT_CODE = 70;

const SIGHUP = 1;
/** SIG_IGN of <signal.h>, a pointer. */
const IGNORE = 1n;

const SYMBOLS = {
  execv: { parameters: ["buffer", "buffer"], result: "i32" },
  setenv: { parameters: ["buffer", "buffer", "i32"], result: "i32" },
  signal: { parameters: ["i32", "usize"], result: "usize" },
  _exit: { parameters: ["i32"], result: "void" },
} as const;

/**
 * Replaces this process by a new one of the same program, from any thread, whatever the other threads do.
 * If that fails, ends the process with exit code 70. Returns only if neither is possible.
 *
 * execve(2) keeps the process id, the standard streams and the working folder. It closes everything else,
 * as Deno and SQLite open all files, sockets and pipes with O_CLOEXEC: the port becomes free, and the dead man's
 * switches (dead_mans_switch.ts) kill every ffmpeg.
 */
export function restartProcess({ program, args, variables, ignoresHangup }: RestartPlan): void {
  if (Deno.build.os === "windows") return terminateOnWindows();
  const { execv, setenv, signal, _exit } = Deno.dlopen(C_LIBRARY, SYMBOLS).symbols;
  for (const [name, value] of Object.entries(variables)) {
    setenv(cString(name), cString(value), 1);
  }
  // execve(2) resets a handler to the default action, which ends the process, but keeps SIG_IGN.
  if (ignoresHangup) signal(SIGHUP, IGNORE);
  const words = [program, ...args].map(cString);
  const pointers = words.map((word) => Deno.UnsafePointer.value(Deno.UnsafePointer.of(word)));
  execv(words[0], BigUint64Array.from([...pointers, 0n]));
  _exit(EXIT_CODE);
}

/** Ends the process with exit code 70, as Windows has no execve(2). */
function terminateOnWindows(): void {
  const { GetCurrentProcess, TerminateProcess } = Deno.dlopen(
    "kernel32.dll",
    {
      GetCurrentProcess: { parameters: [], result: "pointer" },
      TerminateProcess: { parameters: ["pointer", "u32"], result: "i32" },
    } as const,
  ).symbols;
  TerminateProcess(GetCurrentProcess(), EXIT_CODE);
}

function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}
