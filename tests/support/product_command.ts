import { productPermissions } from "./permissions.ts";

/**
 * The real command: the executable that `TESTED_EXECUTABLE` names, or the source with the same
 * permissions. From source, its inspector gives access to its heap.
 */
export async function productCommand(): Promise<[program: string, ...args: string[]]> {
  const executable = Deno.env.get("TESTED_EXECUTABLE");
  if (executable) return [executable];
  const flags = ["--inspect=127.0.0.1:0", ...await productPermissions()];
  return [Deno.execPath(), "run", ...flags, "main.ts"];
}
