/**
 * Watches this machine's stream from any network namespace, then prints a line for each frame:
 * milliseconds since the start, age on arrival in milliseconds, sequence, quality, bytes.
 *
 *     deno run --allow-net link_viewer.ts HOST PORT PATH SECONDS
 */
const [host, port, path, seconds] = Deno.args;
const started = Date.now();
const rows: string[] = [];
const connection = await Deno.connect({ hostname: host, port: Number(port) });
const timer = setTimeout(() => connection.close(), Number(seconds) * 1000);
const request = `GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`;
const HEADER =
  /Content-Length: ?(\d+)\r\n(?:[^\r]*\r\n)*?X-Timestamp: ?([\d.]+)((?:\r\n[^\r\n]+)*)\r\n\r\n/;

try {
  await connection.write(new TextEncoder().encode(request));
  const decoder = new TextDecoder("latin1");
  const chunk = new Uint8Array(1 << 16);
  // The few bytes of chunked encoding between parts do not matter: only bytes are counted.
  let text = "", left = 0, row = "";
  for (;;) {
    const length = await connection.read(chunk);
    if (length === null) break;
    text += decoder.decode(chunk.subarray(0, length));
    for (;;) {
      if (left === 0) {
        const header = HEADER.exec(text);
        if (!header) break;
        const [whole, bytes, timestamp, rest] = header;
        text = text.slice(header.index + whole.length);
        left = Number(bytes);
        const sequence = /X-Sequence: ?(\d+)/.exec(rest)?.[1] ?? 0;
        const quality = /X-Quality: ?(\w+)/.exec(rest)?.[1] ?? "source";
        row = `${timestamp} ${sequence} ${quality} ${bytes}`;
      }
      if (text.length < left) break;
      text = text.slice(left);
      left = 0;
      const now = Date.now();
      const [timestamp, ...others] = row.split(" ");
      const age = Math.round(now - Number(timestamp) * 1000);
      rows.push([now - started, age, ...others].join(" "));
    }
  }
} catch {
  // Closed when the time is over.
}
clearTimeout(timer);
await Deno.stdout.write(new TextEncoder().encode(rows.join("\n") + "\n"));
