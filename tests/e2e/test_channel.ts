import { type Program, startProgram } from "../support/program.ts";
import { ADMIN_TOKEN } from "../support/requests.ts";
import { chartClip } from "./clips.ts";

/**
 * Starts the program with a small, slow picture, because browsers spend most of a test on decoding
 * and painting. `args` override it.
 */
export async function startChannel(...args: string[]): Promise<Program> {
  const picture = [`--source=${await chartClip()}`, "--fps=10"];
  return await startProgram([...picture, `--admin-token=${ADMIN_TOKEN}`, ...args]);
}

/** Starts the program once for all tests of the calling file, which also has a shared Chromium. */
export function sharedChannel(...args: string[]): Program {
  let program: Program;
  let stop: () => PromiseLike<void> = () => Promise.resolve();
  Deno.test.beforeAll(async () => {
    program = await startChannel(...args);
    stop = () => program[Symbol.asyncDispose]();
  });
  // Nothing is to stop if it did not start, which is the failure to be seen.
  Deno.test.afterAll(async () => await stop());
  return {
    get pid() {
      return program.pid;
    },
    get port() {
      return program.port;
    },
    get origin() {
      return program.origin;
    },
    get status() {
      return program.status;
    },
    output: () => program.output(),
    kill: (signal) => program.kill(signal),
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}
