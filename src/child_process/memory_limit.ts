import { C_LIBRARY } from "../c_library.ts";

const RLIMIT_DATA = 2;

/**
 * The memory limit of an ffmpeg that reads from the network, in bytes. Decoding 3840x2160 with 10
 * bits a colour in 16 threads took 361 MiB. The stacks of a decoder's and a filter's threads, 8 MiB
 * each, count in full on machines with many cores.
 */
export const MAX_FFMPEG_MEMORY: number = (512 << 20) +
  2 * navigator.hardwareConcurrency * (8 << 20);

/**
 * Limits the memory of a child process, so that a camera that sends too much ends only the child.
 * Sets RLIMIT_DATA (setrlimit(2)), which has counted all private writable memory since Linux 4.7.
 *
 * @param pid A child that was just started.
 * @throws It is not possible here: the system is not Linux, or the C library is not glibc.
 */
export function limitMemory(pid: number, bytes: number): void {
  if (Deno.build.os !== "linux") throw new Error(`No such limit on ${Deno.build.os}`);
  const libc = Deno.dlopen(
    C_LIBRARY,
    {
      prlimit64: { parameters: ["i32", "i32", "buffer", "pointer"], result: "i32" },
    } as const,
  );
  try {
    const limit = BigInt(bytes);
    // The soft limit, then the hard one.
    if (libc.symbols.prlimit64(pid, RLIMIT_DATA, new BigUint64Array([limit, limit]), null) !== 0) {
      throw new Error("The system refuses the limit");
    }
  } finally {
    libc.close();
  }
}
