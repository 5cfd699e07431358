import assert from "node:assert/strict";
import { startOutgoing } from "../../src/outgoing/outgoing.ts";
import { makeSelfSigned } from "../../src/tls/self_signed.ts";
import { recordingLog } from "../support/recording_log.ts";
import { until } from "../support/until.ts";

const ATTEMPTS = 10;
const HOST = "127.0.0.1";
const SILENT = () => Promise.resolve();

/** Files and sockets of this process. */
const descriptors = () => [...Deno.readDirSync("/proc/self/fd")].length;

interface Stage {
  readonly listener: Deno.Listener;
  /** What the server does first; `null` if it accepts nothing. */
  readonly serve: ((connection: Deno.Conn) => Promise<unknown>) | null;
  /** Whether the client gives up as soon as the server, or the system, has the attempt. */
  readonly givesUp: boolean;
  readonly reason: RegExp;
  /** Whether the server has to end the connections. Default: no. */
  readonly isLeftToServer?: boolean;
}

/** Fails to connect ten times, and checks that no socket stays open on this side. */
async function failAll({ listener, serve, givesUp, reason, isLeftToServer }: Stage): Promise<void> {
  using outgoing = startOutgoing(recordingLog());
  const accepted: Deno.Conn[] = [];
  let kept = 0;
  const serving = (async () => {
    if (!serve) return;
    for await (const connection of listener) {
      kept = accepted.push(connection);
      serve(connection).catch(() => {});
    }
  })();
  const { signal } = new AbortController();
  const fail = outgoing.connect({ host: HOST, port: 1, isSecure: false }, signal);
  await assert.rejects(fail, { message: "connection refused" });
  const own = () => descriptors() - kept;
  const before = own();
  const { port } = listener.addr as Deno.NetAddr;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const giveUp = new AbortController();
    const to = { host: HOST, port, isSecure: true };
    const failed = assert.rejects(outgoing.connect(to, giveUp.signal), { message: reason });
    const hasBegun = () => serve ? accepted.length === attempt : own() > before;
    if (givesUp) {
      await until("the attempt", hasBegun, Boolean, { every: 5 });
      giveUp.abort();
    }
    await failed;
  }
  const closeAll = () => {
    while (kept > 0) accepted[--kept].close();
  };
  if (isLeftToServer) closeAll();
  await until("the end of all sockets", () => own() - before, (more) => more <= 0, {
    timeout: 3_000,
  });
  listener.close();
  await serving;
  closeAll();
}

const onLinux = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name, ignore: Deno.build.os !== "linux", fn });

onLinux("a server that does not speak TLS leaves no socket open", async () => {
  await failAll({
    listener: Deno.listen({ hostname: HOST, port: 0 }),
    serve: (connection) => connection.write(new TextEncoder().encode("220 Welcome\r\n")),
    ...{ givesUp: false, reason: /^it does not speak TLS$/ },
  });
});

onLinux("a certificate that is not trusted leaves no socket open", async () => {
  const credentials = await makeSelfSigned({ hosts: [HOST], now: Date.now() });
  await failAll({
    listener: Deno.listenTls({ hostname: HOST, port: 0, ...credentials }),
    serve: (connection) => (connection as Deno.TlsConn).handshake(),
    ...{ givesUp: false, reason: /^its certificate is not trusted/ },
  });
});

onLinux(
  "a handshake that is never answered leaves no socket open once the server ends",
  async () => {
    const listener = Deno.listen({ hostname: HOST, port: 0 });
    await failAll({
      ...{ listener, serve: SILENT, givesUp: true, reason: /^no answer$/ },
      isLeftToServer: true,
    });
  },
);

onLinux("a server that never accepts leaves no socket open when time is over", async () => {
  const listener = Deno.listen({ hostname: HOST, port: 0, tcpBacklog: 1 });
  const { port } = listener.addr as Deno.NetAddr;
  // The system takes these, and no more.
  const before = [
    await Deno.connect({ hostname: HOST, port }),
    await Deno.connect({ hostname: HOST, port }),
  ];
  await failAll({ listener, serve: null, givesUp: true, reason: /^no answer$/ });
  for (const connection of before) connection.close();
});
