import { C_LIBRARY } from "../c_library.ts";

const STANDARD_ERROR = 2;
/** POLLOUT of <poll.h>: a write would not block. */
const WRITABLE = 4;

/**
 * Writes a line to standard error unless that would block, as it does if a terminal is paused or nobody
 * reads the pipe. A blocked write may be the very reason why the main thread is stuck.
 */
export function writeIfPossible(line: string): void {
  try {
    if (isWritable()) Deno.stderr.writeSync(new TextEncoder().encode(line));
  } catch {
    // It is closed.
  }
}

function isWritable(): boolean {
  if (Deno.build.os === "windows") return true;
  const libc = Deno.dlopen(
    C_LIBRARY,
    { poll: { parameters: ["buffer", "usize", "i32"], result: "i32" } } as const,
  );
  // `struct pollfd`: the descriptor, the events asked for, the events reported.
  const request = new DataView(new ArrayBuffer(8));
  request.setInt32(0, STANDARD_ERROR, true);
  request.setInt16(4, WRITABLE, true);
  libc.symbols.poll(request, 1n, 0);
  libc.close();
  return (request.getInt16(6, true) & WRITABLE) !== 0;
}
