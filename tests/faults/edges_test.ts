import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { withEdges } from "../support/edges.ts";
import { canRunEdges } from "../support/edge.ts";
import { canLoadHls, loadHls } from "../support/hls_load.ts";

/** Namespaces require root; the players, Linux and a C compiler. */
const ignore = !canLoadHls() || !await canRunEdges();

// The bounds are loose because a test machine may be busy. `make bench` has 2,000 clients and the figures.

Deno.test({
  name: "edges answer for the origin, and for each other",
  ignore,
  async fn(t) {
    await withEdges(3, async (edges) => {
      const addresses = edges.map(({ address }) => address);
      const origin = `http://${addresses[0]}`;

      await t.step("edge gives the playlists without cookies, parts and waiting", async () => {
        const multivariant = await fetch(`${origin}/hls/live.m3u8`);
        const text = await multivariant.text();
        assert.match(
          text,
          /^#EXTM3U\n#EXT-X-CONTENT-STEERING:SERVER-URI="\/hls\/steering\.json"\n/,
        );
        assert.equal(multivariant.headers.get("set-cookie"), null);
        assert.equal(multivariant.headers.get("access-control-allow-origin"), "*");
        assert.equal(multivariant.headers.get("cross-origin-resource-policy"), "cross-origin");
        const media = await fetch(`${origin}/hls/low.m3u8?_HLS_msn=999999`);
        assert.equal(media.status, 200);
        assert.doesNotMatch(await media.text(), /PART|CAN-BLOCK/);
      });

      await t.step("page has no link to the full page, which an edge does not have", async () => {
        const page = await (await fetch(`${origin}/hls/`)).text();
        assert.match(page, /<a [^>]*id="full" hidden/);
      });

      await t.step("page may load from other edges, and is found without its path", async () => {
        const page = await fetch(`${origin}/hls/`);
        assert.match(await page.text(), /<a [^>]*id="full" hidden/);
        const policy = page.headers.get("content-security-policy")!;
        assert.match(policy, /default-src 'none'.* media-src \* blob:;.* connect-src \*;/);
        for (const path of ["/", "/hls"]) {
          const { status, headers, body } = await fetch(origin + path, { redirect: "manual" });
          await body?.cancel();
          // Without a host: the port may be another one to viewers.
          assert.deepEqual([status, headers.get("location")], [302, "/hls/"]);
        }
      });

      await t.step("steering names the other edges as hls.js reads them", async () => {
        const steering = await (await fetch(`${origin}/hls/steering.json`)).json();
        const hosts = steering["PATHWAY-CLONES"].map((clone: Record<string, unknown>) =>
          (clone["URI-REPLACEMENT"] as Record<string, string>).HOST
        );
        assert.deepEqual(hosts.map((host: string) => `${host}:80`), addresses.slice(1));
      });

      await t.step("nothing else of the origin is to be had", async () => {
        for (const path of ["/stream", "/state", "/admin", "/metrics", "/snapshot", "/chat"]) {
          const response = await fetch(origin + path);
          await response.body?.cancel();
          assert.equal(response.status, 404, path);
        }
        const response = await fetch(`${origin}/hls/live.m3u8`, { method: "POST", body: "x" });
        await response.body?.cancel();
        assert.equal(response.status, 403);
      });

      await t.step("origin is asked once for what 200 clients want", async () => {
        const load = await loadHls({
          edges: addresses,
          clients: 200,
          seconds: 20,
          timeout: 10_000,
        });
        assert.equal(load.playing, 200, JSON.stringify(load));
        // Where the encoder stutters, segments are late for everyone; but everyone gets them.
        const made = new Set(
          (await edges[0].asked()).map((line) => /low-\d+\.m4s/.exec(line)?.[0]),
        );
        const got = load.inTime + load.late;
        assert.ok(got >= 0.7 * 200 * (made.size - 1), JSON.stringify({ ...load, made: made.size }));
        assert.ok(load.missed <= 0.01 * got, JSON.stringify(load));
        for (const edge of edges) {
          const asked = (await edge.asked()).filter((path) => /low/.test(path));
          // A playlist once a second; other files once ever.
          const things = asked.map((path) =>
            path.endsWith(".m3u8") ? path : path.replace(/^\d+/, "")
          );
          const again = things.length - new Set(things).size;
          assert.ok(asked.length >= 20, `${asked.length} requests`);
          assert.ok(again <= 2, `${again} requests again: ${things.toSorted().join("\n")}`);
        }
      });

      await t.step("clients of a killed edge go on by another", async () => {
        const loading = loadHls({ edges: addresses, clients: 60, seconds: 20 });
        await delay(10_000);
        edges[2].kill();
        const load = await loading;
        assert.ok(load.switched >= 20, JSON.stringify(load));
        assert.equal(load.playing, 60, JSON.stringify(load));
        assert.ok(load.silence <= 8000, JSON.stringify(load));
      });
    });
  },
});
