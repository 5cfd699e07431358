import { productPermissions } from "./permissions.ts";

/**
 * How people run the program: the executable that `TESTED_EXECUTABLE` names, or from source with
 * no more permissions than that has. From source, its inspector can be asked for its heap.
 */
export async function productCommand(): Promise<[program: string, ...args: string[]]> {
  const executable = Deno.env.get("TESTED_EXECUTABLE");
  if (executable) return [executable];
  const flags = ["--inspect=127.0.0.1:0", ...await productPermissions()];
  return [Deno.execPath(), "run", ...flags, "main.ts"];
}
