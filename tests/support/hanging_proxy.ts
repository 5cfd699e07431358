/** A proxy that passes everything on, except that it can leave handshakes of WebSockets without an answer. */
export interface HangingProxy extends AsyncDisposable {
  readonly port: number;
  /** Whether handshakes hang from now on. At first they do. */
  isHanging: boolean;
}

/** Starts the proxy in front of a server on this machine. */
export function startHangingProxy(server: number): HangingProxy {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections = new Set<Deno.Conn>();
  const proxy = {
    port: listener.addr.port,
    isHanging: true,
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of connections) closeQuietly(connection);
      await accepted;
    },
  };
  const accepted = (async () => {
    for await (const client of listener) {
      connections.add(client);
      pass(client).catch(() => closeQuietly(client));
    }
  })();

  async function pass(client: Deno.Conn): Promise<void> {
    const head = new Uint8Array(64 * 1024);
    const length = await client.read(head) ?? 0;
    const request = new TextDecoder().decode(head.subarray(0, length));
    // The connection stays open, and nothing comes.
    if (proxy.isHanging && /^GET \S*\/live /.test(request)) return;
    const upstream = await Deno.connect({ hostname: "127.0.0.1", port: server });
    connections.add(upstream);
    await upstream.write(head.subarray(0, length));
    await Promise.race([
      client.readable.pipeTo(upstream.writable),
      upstream.readable.pipeTo(client.writable),
    ]);
  }

  return proxy;
}

function closeQuietly(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It is closed already.
  }
}
