import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { notifyRequest, SystemdNotifier } from "../../src/service/notify.ts";
import { NotifySocket } from "../support/notify_socket.ts";

const isLinux = Deno.build.os === "linux";
const encode = (text: string) => new TextEncoder().encode(text);

/** A name that no other test has. */
const abstractName = () => `livestream-test-${crypto.randomUUID()}`;

Deno.test("notifier reads from the environment what systemd asks for", () => {
  const read = (variables: Record<string, string>) =>
    notifyRequest(new Map(Object.entries(variables)), 7);
  const socket = "/run/notify";
  assert.equal(read({}), null);
  assert.equal(read({ WATCHDOG_USEC: "20000000" }), null);
  for (const other of ["", "/", "@", "notify", "vsock:2:1234"]) {
    assert.equal(read({ NOTIFY_SOCKET: other }), null, other);
  }
  const watched = { NOTIFY_SOCKET: socket, WATCHDOG_USEC: "20000000" };
  assert.deepEqual(read({ NOTIFY_SOCKET: socket }), { socket, watchdogMs: null });
  assert.deepEqual(read(watched), { socket, watchdogMs: 20_000 });
  assert.deepEqual(read({ ...watched, WATCHDOG_PID: "7" }), { socket, watchdogMs: 20_000 });
  // Of a service that started this program.
  assert.deepEqual(read({ ...watched, WATCHDOG_PID: "8" }), { socket, watchdogMs: null });
  for (const wrong of ["", "0", "-1", "soon"]) {
    assert.deepEqual(read({ ...watched, WATCHDOG_USEC: wrong }), { socket, watchdogMs: null });
  }
});

for (const kind of ["path", "abstract name"]) {
  Deno.test({
    name: `the service reports to systemd that it is ready and that it runs, over its ${kind}`,
    ignore: !isLinux,
    async fn() {
      const folder = await Deno.makeTempDir();
      const name = abstractName();
      const isPath = kind === "path";
      const socket = isPath ? `${folder}/notify` : `@${name}`;
      try {
        using systemd = new NotifySocket(encode(isPath ? socket : `\0${name}`));
        const notifier = new SystemdNotifier({ socket, watchdogMs: 40 });
        assert.deepEqual(systemd.take(), ["READY=1"]);
        const begun = performance.now();
        for (let i = 0; i < 4; i++) assert.equal(await systemd.next(), "WATCHDOG=1");
        assert.ok(performance.now() - begun > 30, `${performance.now() - begun} ms`);
        notifier[Symbol.dispose]();
        systemd.take();
        await delay(30);
        assert.deepEqual(systemd.take(), []);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

Deno.test("notifier without a watchdog reports only once", { ignore: !isLinux }, async () => {
  const name = abstractName();
  using systemd = new NotifySocket(encode(`\0${name}`));
  using _notifier = new SystemdNotifier({ socket: `@${name}`, watchdogMs: null });
  assert.equal(await systemd.next(), "READY=1");
  await delay(30);
  assert.deepEqual(systemd.take(), []);
});

Deno.test(
  "a socket that nobody has, or whose name is too long, is refused",
  { ignore: !isLinux },
  () => {
    for (const socket of [`@${abstractName()}`, "/nonexistent/notify", `/${"x".repeat(107)}`]) {
      assert.throws(
        () => new SystemdNotifier({ socket, watchdogMs: 10 }),
        /: |Cannot send/,
        socket,
      );
    }
  },
);

Deno.test(
  "notifier does not wait if systemd has no room for a message",
  { ignore: !isLinux },
  async () => {
    const name = abstractName();
    using systemd = new NotifySocket(encode(`\0${name}`));
    using _notifier = new SystemdNotifier({ socket: `@${name}`, watchdogMs: 4 });
    // Many more than a socket keeps (net.unix.max_dgram_qlen); a blocked loop would never get here.
    await delay(1_500);
    assert.ok(systemd.take().length > 1);
    assert.equal(await systemd.next(), "WATCHDOG=1");
  },
);
