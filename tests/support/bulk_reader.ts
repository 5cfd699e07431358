/**
 * Downloads from this machine for some seconds, from any network namespace, then prints the bits a second
 * of the time after the first ten seconds.
 *
 *     deno run --allow-net bulk_reader.ts HOST PORT SECONDS
 */
const FROM_MS = 10_000;
const [host, port, seconds] = Deno.args;
const connection = await Deno.connect({ hostname: host, port: Number(port) });
const buffer = new Uint8Array(1 << 17);
const started = performance.now();
let bytes = 0;
let elapsed = 0;
while (elapsed < Number(seconds) * 1000) {
  const count = await connection.read(buffer);
  if (count === null) break;
  elapsed = performance.now() - started;
  if (elapsed >= FROM_MS) bytes += count;
}
const rate = Math.round(bytes * 8000 / (elapsed - FROM_MS));
await Deno.stdout.write(new TextEncoder().encode(`${rate}\n`));
Deno.exit();
