import assert from "node:assert/strict";
import { Avahi, HAS_AVAHI } from "../../support/avahi.ts";
import { Child } from "../../support/child.ts";
import { canMakeLans, Lan, type LanHost } from "../../support/lan.ts";
import { productPermissions } from "../../support/permissions.ts";
import { ROOT } from "../../support/program.ts";
import { until } from "../../support/until.ts";

const ignore = !await canMakeLans() || !HAS_AVAHI;

/** Starts the program, with its own permissions, on a host. */
async function startOn(host: LanHost, ...args: string[]): Promise<Child> {
  const program = [Deno.execPath(), "run", "--quiet", ...await productPermissions(), "main.ts"];
  const own = ["--source=test", "--resolution=160x120", "--h264=off", "--data=:memory:", ...args];
  const child = new Child(host.command(...program, ...own), {
    cwd: ROOT,
    stdout: "piped",
    ending: "SIGTERM",
  });
  await child.says(/Your studio/);
  return child;
}

Deno.test({
  name: "discovery: Avahi finds two programs, each by its own name, and sees them go",
  ignore,
  async fn() {
    await using lan = await Lan.create();
    const [front, garden, phone] = [await lan.addHost(), await lan.addHost(), await lan.addHost()];
    await front.addInterface("wg0", "10.99.0.1/24");
    await using avahi = await Avahi.start(phone);
    await using first = await startOn(front, "--title=Dr. Who");
    await first.says(/Announced on the network as http:\/\/livestream\.local:8081\//);
    {
      await using second = await startOn(garden, "--title=Dr. Who", "--base-path=/cam");
      await second.says(/Announced on the network as http:\/\/livestream-2\.local:8081\//);
      assert.equal(await avahi.resolve("livestream.local"), front.address);
      assert.equal(await avahi.resolve("livestream-2.local"), garden.address);
      const port = "8081";
      assert.deepEqual(await avahi.browse("_http._tcp"), [
        {
          name: "Dr․ Who",
          host: "livestream.local",
          ...{ address: front.address, port },
          text: '"path=/" "title=Dr. Who" "txtvers=1"',
        },
        {
          name: "Dr․ Who (2)",
          host: "livestream-2.local",
          ...{ address: garden.address, port },
          text: '"path=/cam/" "title=Dr. Who" "txtvers=1"',
        },
      ]);
      // The guard knows the name, and only its own.
      assert.equal(await statusFrom(phone, garden, "livestream-2.local"), 200);
      assert.equal(await statusFrom(phone, garden, "livestream.local"), 421);
    }
    await until(
      "the second service to be gone",
      () => avahi.browse("_http._tcp"),
      ({ length }) => length === 1,
    );
    await front.moveTo("10.77.0.50");
    await until(
      "the new address",
      () => avahi.resolve("livestream.local"),
      (address) => address === "10.77.0.50",
      { timeout: 20_000 },
    );
  },
});

Deno.test({
  name: "discovery: a host that runs Avahi itself is found by both names",
  ignore,
  async fn() {
    await using lan = await Lan.create();
    const [host, phone] = [await lan.addHost(), await lan.addHost()];
    await using beside = await Avahi.start(host);
    await using program = await startOn(host);
    await program.says(/Announced on the network as http:\/\/livestream\.local:8081\//);
    assert.equal(await beside.resolve("livestream.local"), host.address);
    await using avahi = await Avahi.start(phone);
    assert.equal(await avahi.resolve("livestream.local"), host.address);
    assert.equal(await avahi.resolve("other.local"), host.address);
  },
});

Deno.test({
  name: "discovery: nothing is announced with --no-mdns, on a VPN alone, or on a port in use",
  ignore,
  async fn() {
    await using lan = await Lan.create();
    const [quiet, inUse, phone] = [await lan.addHost(), await lan.addHost(), await lan.addHost()];
    await using avahi = await Avahi.start(phone);
    await using off = await startOn(quiet, "--no-mdns");
    await quiet.addInterface("wg0", "10.99.0.1/24");
    await using onVpn = await startOn(quiet, "--host=10.99.0.1", "--port=8082");
    const holder = `const socket = Deno.listenDatagram({
      transport: "udp", hostname: "0.0.0.0", port: 5353, reuseAddress: false });
      console.log("Held");
      for await (const _message of socket);`;
    await using held = new Child(
      inUse.command(Deno.execPath(), "eval", "--unstable-net", holder),
      { stdout: "piped", ending: "SIGKILL" },
    );
    await held.says(/Held/);
    await using program = await startOn(inUse);
    await program.says(/Not announced on the network: .*Address already in use/);
    assert.deepEqual(await avahi.browse("_http._tcp"), []);
    assert.equal(await statusFrom(phone, inUse, inUse.address), 200);
    for (const silent of [off, onVpn]) assert.doesNotMatch(silent.output, /nnounced/);
  },
});

/** Returns the status of the page, asked for by a name. */
async function statusFrom(from: LanHost, to: LanHost, name: string): Promise<number> {
  const [command, ...args] = from.command(
    ...["curl", "--silent", "--output", "/dev/null", "--write-out", "%{http_code}"],
    ...["--header", `Host: ${name}:8081`, `http://${to.address}:8081/`],
  );
  const { stdout } = await new Deno.Command(command, { args }).output();
  return Number(new TextDecoder().decode(stdout));
}
