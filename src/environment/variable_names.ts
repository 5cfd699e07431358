import { C_LIBRARY } from "../c_library.ts";

/**
 * Returns the names of all environment variables, on Linux and macOS; none elsewhere. Deno lists
 * them only to a program that may read every value too, so the C library is asked.
 */
export function variableNames(): string[] {
  const environment = environmentPointer();
  if (environment === null) return [];
  const names: string[] = [];
  const entries = new Deno.UnsafePointerView(environment);
  for (let offset = 0;; offset += POINTER_BYTES) {
    const entry = entries.getPointer(offset);
    if (entry === null) return names;
    const [, name] = /^([^=]*)/.exec(Deno.UnsafePointerView.getCString(entry))!;
    names.push(name);
  }
}

/** On the 64-bit systems that Deno runs on. */
const POINTER_BYTES = 8;

/** Returns where the pointers to the variables stand, ended by null (environ(7)). */
function environmentPointer(): Deno.PointerValue {
  const address = environmentAddress();
  return address && new Deno.UnsafePointerView(address).getPointer();
}

function environmentAddress(): Deno.PointerValue {
  if (Deno.build.os === "linux") {
    const library = Deno.dlopen(C_LIBRARY, { environ: { type: "pointer" } } as const);
    const { environ } = library.symbols;
    library.close();
    return environ;
  }
  if (Deno.build.os !== "darwin") return null;
  // A library on macOS has no `environ`, but a function that returns its address.
  const library = Deno.dlopen(
    C_LIBRARY,
    { _NSGetEnviron: { parameters: [], result: "pointer" } } as const,
  );
  const address = library.symbols._NSGetEnviron();
  library.close();
  return address;
}
