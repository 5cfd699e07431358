import { C_LIBRARY } from "./c_library.ts";

const SIGHUP = 1;

/**
 * The signals that end the program, and their numbers. Windows has those of Ctrl+C, Ctrl+Break and a
 * closed console window.
 */
const NUMBERS: { readonly [signal in EndSignal]?: number } = Deno.build.os === "windows"
  ? { SIGINT: 2, SIGBREAK: 21, SIGHUP }
  : { SIGINT: 2, SIGTERM: 15, SIGHUP };

type EndSignal = "SIGINT" | "SIGBREAK" | "SIGTERM" | "SIGHUP";

/**
 * Returns a promise of the first signal that ends the program. A second one, from someone who does not want
 * to wait, ends it at once.
 *
 * @param ignoresHangup Whether to ignore SIGHUP, which comes when a terminal is closed; see
 * {@linkcode isHangupIgnored}.
 */
export function endSignal(ignoresHangup: boolean): Promise<Deno.Signal> {
  const { promise, resolve } = Promise.withResolvers<Deno.Signal>();
  let hasCome = false;
  for (const [signal, number] of Object.entries(NUMBERS) as [EndSignal, number][]) {
    Deno.addSignalListener(signal, () => {
      if (signal === "SIGHUP" && ignoresHangup) return;
      if (hasCome) Deno.exit(128 + number);
      hasCome = true;
      resolve(signal);
    });
  }
  return promise;
}

/** SIG_IGN of <signal.h>, in the first field of `struct sigaction`. */
const IGNORE = 1n;
/** More than the `struct sigaction` of any system needs. */
const SIGACTION_WORDS = 32;

/**
 * Returns whether this process was started to ignore SIGHUP, as by nohup(1). Call it before anything
 * listens for a signal, which changes how this process treats others too.
 */
export function isHangupIgnored(): boolean {
  if (Deno.build.os === "windows") return false;
  const action = new BigUint64Array(SIGACTION_WORDS);
  try {
    const libc = Deno.dlopen(
      C_LIBRARY,
      {
        sigaction: { parameters: ["i32", "pointer", "buffer"], result: "i32" },
      } as const,
    );
    const isKnown = libc.symbols.sigaction(SIGHUP, null, action) === 0;
    libc.close();
    return isKnown && action[0] === IGNORE;
  } catch {
    // Another C library, or Deno may not call it: assume that a person started the program.
    return false;
  }
}
