import assert from "node:assert/strict";
import { SocketCalls } from "../../src/net/connections/socket_calls.ts";
import { makeSelfSigned } from "../../src/tls/self_signed.ts";
import { findProgram } from "../support/find_program.ts";
import { figuresBySs } from "../support/ss.ts";
import { startTestServer, TINY_JPEG } from "../support/test_server.ts";
import { until } from "../support/until.ts";

const ALLOWED = "/proc/sys/net/ipv4/tcp_allowed_congestion_control";

/** Whether the system has `ss`, and lets programs choose bbr, and reno, to distinguish it from. */
async function canChoose(): Promise<boolean> {
  if (Deno.build.os !== "linux" || findProgram("ss") === null) return false;
  const allowed = (await Deno.readTextFile(ALLOWED)).split(/\s+/);
  return ["bbr", "reno"].every((name) => allowed.includes(name));
}

const ignore = !await canChoose();

/** Lets new connections to the server of this process on a port begin with reno. */
function beginWithReno(port: number): void {
  using calls = new SocketCalls();
  for (let descriptor = 0; descriptor < 200; descriptor++) {
    const isListener = calls.localOf(descriptor)?.port === port && !calls.peerOf(descriptor);
    if (isListener) calls.setCongestionControl(descriptor, "reno");
  }
}

/** The congestion control of the server's end of a connection. */
async function congestionOf({ localAddr }: Deno.Conn): Promise<string> {
  return (await figuresBySs(`dport = :${(localAddr as Deno.NetAddr).port}`)).congestion;
}

/** Sends a request and reads the beginning of the response. */
async function get(connection: Deno.Conn, path: string): Promise<string> {
  const request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;
  await connection.write(new TextEncoder().encode(request));
  const buffer = new Uint8Array(1 << 16);
  return new TextDecoder().decode(buffer.subarray(0, (await connection.read(buffer))!));
}

for (
  const [congestion, isSecure, expected] of [
    ["auto", false, "bbr"],
    ["auto", true, "bbr"],
    ["system", false, "reno"],
  ] as const
) {
  const by = isSecure ? "HTTPS" : "HTTP";
  Deno.test(
    `a stream by ${by} has ${expected} with --congestion ${congestion}, other requests keep reno`,
    {
      ignore,
    },
    async () => {
      const hosts = ["127.0.0.1"];
      const credentials = isSecure ? await makeSelfSigned({ hosts, now: Date.now() }) : null;
      await using server = await startTestServer({
        congestion,
        ...(credentials && { tls: credentials }),
      });
      beginWithReno(server.port);
      const at = { hostname: "127.0.0.1", port: server.port };
      const connect = () =>
        credentials ? Deno.connectTls({ ...at, caCerts: [credentials.cert] }) : Deno.connect(at);
      using page = await connect();
      assert.match(await get(page, "/healthz"), /^HTTP\/1.1 200/);
      for (const path of ["/stream", "/?action=stream"]) {
        using stream = await connect();
        server.program.publish(TINY_JPEG);
        assert.match(await get(stream, path), /^HTTP\/1.1 200/);
        assert.equal(await congestionOf(stream), expected);
      }
      assert.equal(await congestionOf(page), "reno");
      await until("the streams to end", () => {
        server.program.publish(TINY_JPEG);
        return server.audience.count === 0;
      });
    },
  );
}
