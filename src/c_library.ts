/**
 * The C library of the system, for `Deno.dlopen`; that of Windows has no POSIX calls. On macOS dlopen(3) would
 * look for a plain name in the working folder first.
 */
export const C_LIBRARY = Deno.build.os === "darwin" ? "/usr/lib/libSystem.B.dylib" : "libc.so.6";
