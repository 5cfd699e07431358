import { C_LIBRARY } from "../c_library.ts";

/**
 * Returns whether a device is there, on Linux. Asks the C library (access(2)), because Deno tells nothing of
 * `/dev` without every permission.
 */
export function deviceExists(path: string): boolean {
  if (Deno.build.os !== "linux") return false;
  const libc = Deno.dlopen(
    C_LIBRARY,
    { access: { parameters: ["buffer", "i32"], result: "i32" } } as const,
  );
  try {
    return libc.symbols.access(new TextEncoder().encode(`${path}\0`), 0) === 0;
  } finally {
    libc.close();
  }
}
