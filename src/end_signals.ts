/** The signals that end the program, and their numbers. Windows has none but that of Ctrl+C. */
const NUMBERS: { readonly [signal in EndSignal]?: number } = Deno.build.os === "windows"
  ? { SIGINT: 2 }
  : { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 };

type EndSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

/**
 * Settles with the first signal to end. A second one, of someone who does not want to wait, ends
 * the program at once.
 *
 * SIGHUP, which comes when a terminal is closed, is one of them, unless it was to be ignored when
 * the program was started, as by nohup(1).
 */
export function endSignal(): Promise<Deno.Signal> {
  const { promise, resolve } = Promise.withResolvers<Deno.Signal>();
  let hasCome = false;
  // To be asked first: to listen for one signal changes what others do.
  const staysAfterHangup = NUMBERS.SIGHUP !== undefined && isIgnored(NUMBERS.SIGHUP);
  for (const [signal, number] of Object.entries(NUMBERS) as [EndSignal, number][]) {
    Deno.addSignalListener(signal, () => {
      if (signal === "SIGHUP" && staysAfterHangup) return;
      if (hasCome) Deno.exit(128 + number);
      hasCome = true;
      resolve(signal);
    });
  }
  return promise;
}

/** What stands for "ignore" in `struct sigaction`, whose first field it is: SIG_IGN of <signal.h>. */
const IGNORE = 1n;
/** More than any system's `struct sigaction` has. */
const SIGACTION_WORDS = 32;

function isIgnored(number: number): boolean {
  const path = Deno.build.os === "darwin" ? "/usr/lib/libSystem.B.dylib" : "libc.so.6";
  const action = new BigUint64Array(SIGACTION_WORDS);
  try {
    const libc = Deno.dlopen(
      path,
      {
        sigaction: { parameters: ["i32", "pointer", "buffer"], result: "i32" },
      } as const,
    );
    const isKnown = libc.symbols.sigaction(number, null, action) === 0;
    libc.close();
    return isKnown && action[0] === IGNORE;
  } catch {
    // Another C library, or Deno may not call it: taken for a program that a person started.
    return false;
  }
}
