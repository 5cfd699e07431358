/** Returns a loopback port that was free a moment ago, for programs that need a fixed one. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
