import { C_LIBRARY } from "../c_library.ts";

/**
 * Returns the names of all environment variables, on Linux and macOS; none elsewhere. Reads them from the
 * C library, as Deno lists them only to a program that may also read every value.
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

/** The size of a pointer on the 64-bit systems that Deno runs on. */
const POINTER_BYTES = 8;

/** Returns the address of the list of pointers to the variables, which ends with null (environ(7)). */
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
  // On macOS a library has no `environ`, only a function that returns its address.
  const library = Deno.dlopen(
    C_LIBRARY,
    { _NSGetEnviron: { parameters: [], result: "pointer" } } as const,
  );
  const address = library.symbols._NSGetEnviron();
  library.close();
  return address;
}
