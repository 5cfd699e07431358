import { type Program, startProgram } from "../support/program.ts";
import { chartClip } from "./clips.ts";

/** The program's `--admin-token`. */
export const ADMIN_TOKEN = "the-streamer-of-these-tests";

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
  Deno.test.beforeAll(async () => {
    program = await startChannel(...args);
  });
  Deno.test.afterAll(async () => await program[Symbol.asyncDispose]());
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

/** Sends a request of the streamer, authorized by {@linkcode ADMIN_TOKEN}. */
export async function administer({ origin }: Program, path: string, body: unknown): Promise<void> {
  const response = await fetch(`${origin}/admin/${path}`, {
    method: "POST",
    headers: { "authorization": `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`Cannot administer: ${answer}`);
}

export interface State {
  readonly viewers: number;
  readonly donations: number;
  /** Why it is off air. */
  readonly reason: string | null;
  readonly stream: {
    readonly clients_stat: Readonly<Record<string, { fps: number; bitrate: number }>>;
  };
}

export async function stateOf({ origin }: Program): Promise<State> {
  const response = await fetch(`${origin}/state`);
  return (await response.json()).result;
}
