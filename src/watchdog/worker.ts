/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

/**
 * The thread that watches the main event loop. Its first message says what to watch, each later one what
 * to hand over from then on.
 */
import { SYSTEM_CLOCK } from "../clock.ts";
import { createLogger, type LogFormat } from "../log/log.ts";
import { countRestart, type Handover, HANDOVER_VARIABLE, writeHandover } from "./handover.ts";
import { type RestartPlan, restartProcess } from "./restart.ts";
import { writeIfPossible } from "./standard_error.ts";
import { Standstill } from "./standstill.ts";

/** What the main thread sends. */
export interface WatchRequest {
  /** An Int32 that the main event loop counts up. */
  readonly beats: SharedArrayBuffer;
  /** For how many milliseconds the count may rest. */
  readonly limitMs: number;
  /** How to log the restart. */
  readonly logFormat: LogFormat;
  /** How to restart the program. */
  readonly plan: Omit<RestartPlan, "variables">;
  /** What the next process takes over; `restarts` is the number in a row so far. */
  readonly handover: Handover;
}

let handover: Handover;

self.onmessage = ({ data }: MessageEvent<WatchRequest | Pick<WatchRequest, "handover">>) => {
  handover = data.handover;
  if ("beats" in data) watch(data);
};

function watch({ limitMs, logFormat, plan, ...request }: WatchRequest): void {
  const beats = new Int32Array(request.beats);
  const standstill = new Standstill(limitMs);
  const log = createLogger({ level: "error", format: logFormat, write: writeIfPossible });
  setInterval(() => {
    if (!standstill.look(Atomics.load(beats, 0), SYSTEM_CLOCK.monotonic())) return;
    log.error(`Restarting: the server did not respond for ${Math.round(limitMs / 1000)} s`);
    const restarts = countRestart(handover.restarts, SYSTEM_CLOCK.monotonic());
    const text = writeHandover({ ...handover, restarts });
    restartProcess({ ...plan, variables: { [HANDOVER_VARIABLE]: text } });
  }, standstill.lookEveryMs);
}
