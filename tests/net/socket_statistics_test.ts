import assert from "node:assert/strict";
import fc from "fast-check";
import { parseSocketStatistics, socketKey } from "../../src/net/socket_statistics.ts";
import { findProgram } from "../support/find_program.ts";

const DETAILS =
  "\t cubic wscale:7,7 rto:204 rtt:3.125/0.512 ato:40 mss:1448 pmtu:1500 rcvmss:536 " +
  "advmss:1448 cwnd:42 ssthresh:31 bytes_sent:1903311 bytes_retrans:2896 bytes_acked:1722313 " +
  "bytes_received:431 segs_out:1318 segs_in:702 data_segs_out:1316 data_segs_in:1 " +
  "send 155688960bps lastsnd:4 lastrcv:2144 lastack:4 pacing_rate 186814368bps " +
  "delivery_rate 4779704bps delivered:1192 busy:2140ms rwnd_limited:96ms(4.5%) sndbuf_limited:112ms(5.2%) unacked:124 " +
  "retrans:0/2 dsack_dups:2 rcv_space:14480 rcv_ssthresh:64088 notsent:178104 minrtt:2.875 snd_wnd:61440";

/** As `parseSocketStatistics` gives {@linkcode DETAILS}, beside what is queued. */
const KNOWN = {
  acknowledged: 1_722_313,
  roundTrip: 3.125,
  shortestRoundTrip: 2.875,
  sinceAcknowledged: 4,
  window: 61_440,
  windowClosed: 96,
};

function only(text: string) {
  const sockets = [...parseSocketStatistics(text)];
  assert.equal(sockets.length, 1, text);
  return sockets[0];
}

Deno.test("parseSocketStatistics reads a line of iproute2 6, with and without the state", () => {
  const bare = `0      181002      10.0.0.1:8080     10.0.0.2:43122 ${DETAILS}\n`;
  assert.deepEqual(only(bare), ["10.0.0.2 43122", { queued: 181_002, unsent: 0, ...KNOWN }]);
  assert.deepEqual(only(`ESTAB ${bare}`), ["10.0.0.2 43122", {
    queued: 181_002,
    unsent: 0,
    ...KNOWN,
  }]);
});

Deno.test("parseSocketStatistics reads every form of an address", () => {
  for (
    const [written, key] of [
      ["[2001:db8::2]:1234", "2001:db8::2 1234"],
      ["[::ffff:10.0.0.2]:1234", "10.0.0.2 1234"],
      ["[::FFFF:10.0.0.2]:1234", "10.0.0.2 1234"],
      ["[fe80::1%eth0]:80", "fe80::1 80"],
      ["[fe80::1]%eth0:80", "fe80::1 80"],
      ["127.0.0.1%lo:80", "127.0.0.1 80"],
      // iproute2 before 4.12 wrote no brackets.
      ["2001:db8::2:1234", "2001:db8::2 1234"],
      ["::ffff:10.0.0.2:1234", "10.0.0.2 1234"],
      ["10.0.0.2:1234", "10.0.0.2 1234"],
    ]
  ) {
    const line = `0 42 [::ffff:10.0.0.1]:8080 ${written} ${DETAILS}`;
    assert.deepEqual(only(line), [key, { queued: 42, unsent: 0, ...KNOWN }]);
  }
});

Deno.test("parseSocketStatistics reads the output of older versions", () => {
  // iproute2 4.20: rates in short.
  const line = "ESTAB 0 28960 192.168.1.4:8080 192.168.1.9:51812 cubic wscale:7,7 rto:228 " +
    "rtt:24.5/4.25 mss:1448 cwnd:10 bytes_acked:81221 segs_out:70 send 4.7Mbps " +
    "lastsnd:12 pacing_rate 9.5Mbps delivery_rate 4.8Mbps busy:164ms unacked:10 " +
    "rcv_space:29200 minrtt:22";
  assert.deepEqual(only(line), ["192.168.1.9 51812", {
    queued: 28_960,
    unsent: 0,
    acknowledged: 81_221,
    roundTrip: 24.5,
    shortestRoundTrip: 22,
  }]);
});

Deno.test("parseSocketStatistics manages without what old kernels do not report", () => {
  assert.deepEqual(only("0 77 10.0.0.1:1 10.0.0.2:2 cubic rto:204 mss:1448 cwnd:10"), [
    "10.0.0.2 2",
    { queued: 77, unsent: 0 },
  ]);
});

Deno.test("parseSocketStatistics does not confuse one figure with another", () => {
  const [, socket] = only("0 77 10.0.0.1:1 10.0.0.2:2 rcv_rtt:9.5 rcv_minrtt:3 pacing_rate 7bps");
  assert.deepEqual(socket, { queued: 77, unsent: 0 });
});

Deno.test("parseSocketStatistics skips lines that are no connection", () => {
  const text = [
    "State Recv-Q Send-Q Local Address:Port Peer Address:Port Process",
    "",
    "LISTEN 0 511 0.0.0.0:8080 0.0.0.0:*",
    "0 5 10.0.0.1:8080",
    "0 x 10.0.0.1:8080 10.0.0.3:1",
    "\t cubic wscale:7,7 rto:204 rtt:3.1/0.5",
    "Cannot open netlink socket: Operation not permitted",
    `0 12 10.0.0.1:8080 10.0.0.2:9 ${DETAILS}`,
  ].join("\n");
  assert.deepEqual([...parseSocketStatistics(text)], [["10.0.0.2 9", {
    queued: 12,
    unsent: 0,
    ...KNOWN,
  }]]);
});

Deno.test("parseSocketStatistics distinguishes connections", () => {
  const text =
    `0 1 10.0.0.1:8080 10.0.0.2:1\n0 2 10.0.0.1:8080 10.0.0.2:2\r\n0 3 [::1]:8080 [::1]:1`;
  const sockets = parseSocketStatistics(text);
  assert.deepEqual([...sockets].map(([key, { queued }]) => [key, queued]), [
    ["10.0.0.2 1", 1],
    ["10.0.0.2 2", 2],
    ["::1 1", 3],
  ]);
});

Deno.test("parseSocketStatistics never throws, and returns only numbers", () => {
  const word = fc.constantFrom(
    ..."0 17 ESTAB 10.0.0.1:8080 [::1]:80 [fe80::1]%eth0:1 rtt:1.2/3 rtt:1.2.3 minrtt:. bytes_acked:9"
      .split(" "),
    ":::",
    "\n",
    "\t",
    "-5",
    "0x1f",
    "1e3",
  );
  const text = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.array(word).map((words) => words.join(" ")),
  );
  fc.assert(
    fc.property(text, (text) => {
      for (const socket of parseSocketStatistics(text).values()) {
        for (const value of Object.values(socket)) assert.ok(Number.isFinite(value) && value >= 0);
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("socketKey writes the addresses of Deno and of ss in the same way", () => {
  assert.equal(socketKey({ hostname: "::ffff:10.0.0.2", port: 7 }), "10.0.0.2 7");
  assert.equal(socketKey({ hostname: "fe80::1%2", port: 7 }), "fe80::1 7");
  assert.equal(socketKey({ hostname: "::FFFF:10.0.0.2", port: 7 }), "10.0.0.2 7");
  assert.notEqual(
    socketKey({ hostname: "2001:db8::2", port: 7 }),
    socketKey({ hostname: "2001:db8::27", port: 7 }),
  );
});

for (const [hostname, address] of [["127.0.0.1"], ["::1"], ["::", "127.0.0.1"]]) {
  Deno.test({
    name: `parseSocketStatistics finds a real connection to ${hostname} from ${
      address ?? hostname
    }`,
    ignore: findProgram("ss") === null,
    async fn() {
      using listener = Deno.listen({ hostname, port: 0 });
      const { port } = listener.addr;
      const accepted = listener.accept();
      using client = await Deno.connect({ hostname: address ?? hostname, port });
      using server = await accepted;
      // More than the buffers of both ends take, so that something stays on its way.
      const sending = server.write(new Uint8Array(64 << 20)).catch(() => 0);
      const key = socketKey(server.remoteAddr);
      const args = ["-tinHO", "state", "established", `sport = :${port}`];
      let socket;
      // Writing goes on beside this, so the first look may come too early.
      for (let looks = 0; looks < 20 && !socket?.queued; looks++) {
        const { stdout } = await new Deno.Command("ss", { args }).output();
        socket = parseSocketStatistics(new TextDecoder().decode(stdout)).get(key);
      }
      assert.ok(socket && socket.queued > 0);
      assert.ok(socket.acknowledged! > 0);
      assert.ok(socket.roundTrip! > 0 && socket.roundTrip! < 1000);
      assert.ok(socket.shortestRoundTrip! <= socket.roundTrip!);
      client.close();
      await sending;
    },
  });
}
