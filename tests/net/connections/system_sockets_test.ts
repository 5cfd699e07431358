import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { socketKey } from "../../../src/net/socket_key.ts";
import { SystemSockets } from "../../../src/net/connections/system_sockets.ts";
import { findProgram } from "../../support/find_program.ts";
import { figuresBySs } from "../../support/ss.ts";
import { until } from "../../support/until.ts";

const isKnown = ["linux", "darwin"].includes(Deno.build.os);

/** Both ends of a new connection, and its name at the listening end. */
async function connect(listener: Deno.TcpListener) {
  const { hostname, port } = listener.addr as Deno.NetAddr;
  const [near, far] = await Promise.all([listener.accept(), Deno.connect({ hostname, port })]);
  return { near, far, key: socketKey(far.localAddr as Deno.NetAddr) };
}

async function read(connection: Deno.TcpConn): Promise<string | number | null> {
  return await connection.read(new Uint8Array(1 << 16)).catch((error) => error.name);
}

for (const hostname of ["127.0.0.1", "::1", "::"]) {
  Deno.test({
    name: `system sockets are found by the other end, for this server only, at ${hostname}`,
    ignore: !isKnown,
    async fn() {
      using listener = Deno.listen({ hostname, port: 0 });
      using other = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      using sockets = new SystemSockets((listener.addr as Deno.NetAddr).port);
      assert.deepEqual([...sockets.look().keys()], []);
      const stranger = await connect(other);
      const [one, two] = [await connect(listener), await connect(listener)];
      const found = sockets.look();
      assert.deepEqual([...found.keys()].sort(), [one.key, two.key].sort());
      assert.equal(socketKey(one.near.remoteAddr as Deno.NetAddr), one.key);
      one.near.close();
      assert.deepEqual([...sockets.look().keys()], [two.key]);
      for (const end of [one.far, two.near, two.far, stranger.near, stranger.far]) end.close();
    },
  });
}

Deno.test({
  name: "system sockets report whether the server still listens, whoever is connected",
  ignore: !isKnown,
  async fn() {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { hostname, port } = listener.addr;
    using sockets = new SystemSockets(port);
    assert.equal(sockets.isListening(), true);
    const { near, far } = await connect(listener);
    assert.equal(sockets.isListening(), true);
    listener.close();
    assert.equal(sockets.isListening(), false);
    using _again = Deno.listen({ hostname, port });
    assert.equal(sockets.isListening(), true);
    near.close();
    far.close();
  },
});

Deno.test({
  name: "system sockets end a connection for both sides, and no other",
  ignore: !isKnown,
  async fn() {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    using sockets = new SystemSockets(listener.addr.port);
    const [one, two] = [await connect(listener), await connect(listener)];
    sockets.cut(one.key, sockets.look().get(one.key)!, { isDropped: false });
    assert.equal(await read(one.near), null);
    assert.equal(await read(one.far), null);
    await two.far.write(new Uint8Array(3));
    assert.equal(await read(two.near), 3);
    for (const end of [one.near, one.far, two.near, two.far]) end.close();
  },
});

Deno.test({
  name: "system sockets do not cut a descriptor that became another connection",
  ignore: !isKnown,
  async fn() {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    using sockets = new SystemSockets(listener.addr.port);
    const [one, two] = [await connect(listener), await connect(listener)];
    sockets.cut(one.key, sockets.look().get(two.key)!, { isDropped: true });
    for (const { near, far } of [one, two]) {
      await far.write(new Uint8Array(3));
      assert.equal(await read(near), 3);
      near.close();
      far.close();
    }
  },
});

for (const isDropped of [true, false]) {
  Deno.test({
    name: `system's sockets: what a client has not received is ${
      isDropped ? "dropped with" : "kept for"
    } it where so cut`,
    ignore: !isKnown,
    async fn() {
      using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      using sockets = new SystemSockets(listener.addr.port);
      const { near, far, key } = await connect(listener);
      // More than the system buffers for a client that does not read.
      const written = near.write(new Uint8Array(64 << 20)).catch(() => 0);
      await delay(50);
      sockets.cut(key, sockets.look().get(key)!, { isDropped });
      await written;
      near.close();
      let end: string | number | null = 0;
      while (typeof end === "number") end = await read(far);
      assert.equal(end, isDropped ? "ConnectionReset" : null);
      far.close();
    },
  });
}

Deno.test({
  name: "system sockets never report more free descriptors than there are",
  ignore: !isKnown,
  fn() {
    using sockets = new SystemSockets(1);
    assert(sockets.limit > 0);
    assert(sockets.countFree() > 0);
    assert(sockets.countFree() < sockets.limit);
  },
});

Deno.test({
  name: "system sockets find a new connection among many, and identify it",
  ignore: Deno.build.os !== "linux",
  async fn() {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    using sockets = new SystemSockets(listener.addr.port);
    const cookies = new Set<bigint>();
    const ends: Deno.TcpConn[] = [];
    let found = 0;
    for (let i = 0; i < 60; i++) {
      const { near, far, key } = await connect(listener);
      ends.push(near, far);
      // What is closed leaves gaps, which the next connections take.
      if (i % 7 === 6) { for (const end of ends.splice(2, 2)) end.close(); }
      const descriptor = sockets.findNew(key);
      // It is not looked for everywhere each time.
      if (descriptor === null) continue;
      assert.equal(sockets.look().get(key), descriptor);
      cookies.add(sockets.cookieOf(key, descriptor)!);
      assert.equal(sockets.cookieOf("10.0.0.1 1", descriptor), null);
      found++;
    }
    assert.ok(found > 40, `${found} were found`);
    assert.equal(cookies.size, found);
    for (const end of ends) end.close();
  },
});

Deno.test({
  name: "system sockets report how many bytes came over each connection",
  ignore: Deno.build.os !== "linux",
  async fn() {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    using sockets = new SystemSockets(listener.addr.port);
    const [one, two] = [await connect(listener), await connect(listener)];
    await two.far.write(new Uint8Array(300));
    await two.far.write(new Uint8Array(77));
    for (let bytes = 0; bytes < 377;) bytes += Number(await read(two.near));
    const found = sockets.look();
    assert.equal(sockets.transferOf(one.key, found.get(one.key)!)?.received, 0);
    assert.equal(sockets.transferOf(two.key, found.get(two.key)!)?.received, 377);
    await two.near.write(new Uint8Array(50));
    await two.far.read(new Uint8Array(50));
    assert.equal(sockets.transferOf(one.key, found.get(one.key)!)?.written, 0);
    assert.equal(sockets.transferOf(two.key, found.get(two.key)!)?.written, 50);
    // Another's descriptor tells nothing, nor does what is no socket.
    assert.equal(sockets.transferOf(one.key, found.get(two.key)!), null);
    assert.equal(sockets.transferOf(one.key, 0), null);
    for (const end of [one.near, one.far, two.near, two.far]) end.close();
  },
});

Deno.test({
  name: "system sockets report what waits for a client that stops reading, as ss does",
  ignore: Deno.build.os !== "linux" || findProgram("ss") === null,
  async fn() {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    using sockets = new SystemSockets(listener.addr.port);
    const { near, far, key } = await connect(listener);
    const descriptor = sockets.look().get(key)!;
    assert.equal(sockets.transferOf(key, descriptor)?.queued, 0);
    const open = sockets.transferOf(key, descriptor)?.window;
    assert.ok(open === undefined || open > 0);
    // More than the system buffers for a client that does not read.
    const written = near.write(new Uint8Array(64 << 20)).catch(() => 0);
    await until(
      "the client's window to be closed",
      () => sockets.transferOf(key, descriptor)?.windowClosed ?? 0,
      (time) => time > 100,
    );
    const bySs = await figuresBySs(`sport = :${listener.addr.port}`);
    const transfer = sockets.transferOf(key, descriptor)!;
    const { queued, unsent, acknowledged, window = 0 } = transfer;
    assert.deepEqual(
      [queued, unsent, acknowledged],
      [bySs.queued, bySs.unsent, bySs.acknowledged],
    );
    assert.ok(queued > 100_000 && unsent > 0 && unsent <= queued, `${queued}, ${unsent}`);
    assert.equal(window, 0);
    // It reads all of it: nothing is left in the queue, and there is room again.
    let read = 0;
    const buffer = new Uint8Array(1 << 20);
    while (read < acknowledged + queued) read += (await far.read(buffer))!;
    far.close();
    await written;
    near.close();
  },
});

Deno.test({
  name:
    "system sockets choose congestion control, and leave a connection as it is where that is refused",
  ignore: Deno.build.os !== "linux" || findProgram("ss") === null,
  async fn() {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    using sockets = new SystemSockets(listener.addr.port);
    const [one, two] = [await connect(listener), await connect(listener)];
    const find = ({ key }: typeof one) => sockets.look().get(key)!;
    const named = async ({ far }: typeof one) =>
      (await figuresBySs(`dport = :${far.localAddr.port}`)).congestion;
    const initial = sockets.congestionControlOfNew(null);
    assert.equal(await named(one), initial);
    sockets.setCongestionControl(one.key, find(one), "reno");
    assert.deepEqual([await named(one), await named(two)], ["reno", initial]);
    sockets.setCongestionControl(one.key, find(one), "none-such");
    sockets.setCongestionControl(one.key, find(two), "reno");
    assert.deepEqual([await named(one), await named(two)], ["reno", initial]);
    assert.equal(sockets.congestionControlOfNew("reno"), "reno");
    assert.equal(sockets.congestionControlOfNew("none-such"), initial);
    await one.near.write(new Uint8Array(3));
    assert.equal(await read(one.far), 3);
    for (const end of [one.near, one.far, two.near, two.far]) end.close();
  },
});

Deno.test({
  name: "system sockets report which connections the other end has closed",
  ignore: Deno.build.os !== "linux",
  async fn() {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    using sockets = new SystemSockets(listener.addr.port);
    const [one, two] = [await connect(listener), await connect(listener)];
    const found = sockets.look();
    const isClosed = ({ key }: typeof one) => sockets.isClosedByPeer(key, found.get(key)!);
    assert.deepEqual([one, two].map(isClosed), [false, false]);
    two.far.close();
    assert.equal(await read(two.near), null);
    assert.deepEqual([one, two].map(isClosed), [false, true]);
    // Another's descriptor tells nothing.
    assert.equal(sockets.isClosedByPeer(one.key, found.get(two.key)!), false);
    for (const end of [one.near, one.far, two.near]) end.close();
  },
});
