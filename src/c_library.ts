/**
 * The system's C library, as Deno.dlopen takes it; Windows has none with POSIX's calls. On macOS a
 * plain name would be looked for in the working folder first (dlopen(3)).
 */
export const C_LIBRARY = Deno.build.os === "darwin" ? "/usr/lib/libSystem.B.dylib" : "libc.so.6";
