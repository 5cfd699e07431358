/**
 * Measures what viewers see behind links with distance, jitter and loss, compared with an endless
 * download from this machine over the same link: a fake camera with 720p30 MJPEG of about 25 Mbit/s, real
 * links (`tests/support/wireless_link.c`), real connections. Prints Markdown tables.
 *
 *     deno run --allow-all wireless_bench.ts [RUNS]
 */
import { NGINX, startProxy } from "../support/reverse_proxy.ts";
import { linkFigures, type LinkRow, watchLink, type WatchOptions } from "../support/watch_link.ts";
import { canMakeWirelessLinks, type LinkShape, WirelessLink } from "../support/wireless_link.ts";
import { print, withServer } from "./servers.ts";

const BULK_READER = new URL("../support/bulk_reader.ts", import.meta.url).pathname;
const RUNS = Number(Deno.args[0] ?? 2);
/** The first ten seconds are not counted. */
const SECONDS = 20;
const FROM_MS = 10_000;
/** The source's rate, or a little less. Bits a second. */
const SOURCE_BITS = 25e6;

const LINKS: readonly LinkShape[] = [
  { rate: "40mbit", delay: 5, jitter: 5, loss: 0.5, burst: 2 },
  { rate: "20mbit", delay: 10, jitter: 8 },
  { rate: "20mbit", delay: 10, jitter: 8, loss: 1, burst: 3 },
  { rate: "8mbit", delay: 20, jitter: 15, loss: 1 },
  { rate: "20mbit", delay: 80, jitter: 10 },
  { rate: "5mbit", delay: 40, jitter: 5 },
  { rate: "60mbit", delay: 75, queue: 400 },
];

function nameOf({ rate, delay, jitter, loss, burst }: LinkShape): string {
  const losses = loss === undefined ? "" : `, ${loss} % loss${burst ? ` by ${burst}` : ""}`;
  return `${rate.replace("mbit", " Mbit/s")}, ${delay}${jitter ? ` ± ${jitter}` : ""} ms${losses}`;
}

/** Bits a second that a download gets, whose sender has the link's congestion control. */
async function bulk(shape: LinkShape): Promise<number> {
  using listener = Deno.listen({ hostname: "0.0.0.0", port: 0 });
  const sending = (async () => {
    const connection = await listener.accept();
    const bytes = new Uint8Array(1 << 16);
    try {
      while (true) await connection.write(bytes);
    } catch {
      connection.close();
    }
  })();
  await using link = await WirelessLink.create(shape);
  const target = [link.host, String(listener.addr.port), String(SECONDS)];
  const reader = ["run", "--quiet", "--no-check", "--allow-net", BULK_READER, ...target];
  const [command, args] = link.command(Deno.execPath(), ...reader);
  const { stdout } = await new Deno.Command(command, { args, stdin: "null" }).output();
  await sending;
  return Number(new TextDecoder().decode(stdout));
}

async function watch(
  shape: LinkShape,
  options: Partial<WatchOptions> & { readonly port: number },
): Promise<LinkRow[]> {
  await using link = await WirelessLink.create(shape);
  return await watchLink(link, { seconds: SECONDS, ...options });
}

const megabits = (bits: number) => (bits / 1e6).toFixed(1);

function describe(runs: readonly (readonly LinkRow[])[], most: number): string {
  const figures = runs.map((rows) => linkFigures(rows, FROM_MS, SECONDS * 1000));
  const rates = figures.map(({ kbps }) => kbps * 1000).sort((a, b) => a - b);
  const share = rates.reduce((a, b) => a + b) / rates.length / Math.min(most, SOURCE_BITS);
  return [
    rates.map(megabits).join(", "),
    `${Math.round(100 * share)} %`,
    `${Math.min(...figures.map(({ fps }) => fps)).toFixed(1)}`,
    figures.map(({ median, p99 }) => `${median} / ${p99}`).join(", "),
  ].join(" | ");
}

if (!await canMakeWirelessLinks()) {
  print(
    "Wireless links are not measured: that takes root, iproute2, a C compiler and /dev/net/tun",
  );
  Deno.exit(0);
}

print(
  "| link | | download, Mbit/s | pictures, Mbit/s | share | fps, least | age ms median / p99 |",
);
print("| --- | --- | --- | --- | --- | --- | --- |");
for (const cc of ["cubic", "bbr"] as const) {
  const congestion = cc === "bbr" ? "auto" : "system";
  await withServer(["--host=0.0.0.0", `--congestion=${congestion}`], async ({ port }) => {
    for (const plain of LINKS) {
      const shape = { ...plain, cc };
      const most = await bulk(shape);
      for (const isPage of [false, true]) {
        const runs: LinkRow[][] = [];
        for (let run = 0; run < RUNS; run++) runs.push(await watch(shape, { port, isPage }));
        const who = `${isPage ? "page" : "program"}, ${cc}`;
        print(`| ${nameOf(shape)} | ${who} | ${megabits(most)} | ${describe(runs, most)} |`);
      }
    }
  });
}

print(
  "\nA link of 40 Mbit/s that falls to 3 after 10 s and rises again after 20, with 1 % loss:\n",
);
print(
  "| | fps and age ms median / p99 at 3 Mbit/s, from 3 s after the fall | Mbit/s from 35 s on | changes |",
);
print("| --- | --- | --- | --- |");
for (const congestion of ["system", "auto"]) {
  await withServer(["--host=0.0.0.0", `--congestion=${congestion}`], async ({ port }) => {
    const shape = { rate: "40mbit,3mbit@10,40mbit@20", delay: 5, jitter: 5, loss: 1 } as const;
    const rows = await watch(shape, { port, seconds: 55 });
    const away = linkFigures(rows, 13_000, 20_000), back = linkFigures(rows, 35_000, 55_000);
    const late = rows.filter(({ at }) => at >= 35_000);
    const changes = late.slice(1).filter((row, i) => row.quality !== late[i].quality).length;
    const age = `${away.fps.toFixed(1)}; ${away.median} / ${away.p99}`;
    const name = congestion === "auto" ? "bbr" : "cubic";
    print(`| ${name} | ${age} | ${megabits(back.kbps * 1000)} | ${changes} in 20 s |`);
  });
}

print("\nTwo viewers on one link of 20 Mbit/s, 5 and 65 ms away, 35 s, from 15 s on:\n");
print("| | Mbit/s | fps | age ms median / p99 |");
print("| --- | --- | --- | --- |");
await withServer(["--host=0.0.0.0", "--congestion=system"], async ({ port }) => {
  await using link = await WirelessLink.create({ rate: "20mbit", delay: 5, jitter: 2, far: 60 });
  const hosts = [link.host, link.farHost];
  const both = await Promise.all(hosts.map((host) => watchLink(link, { port, host, seconds: 35 })));
  for (const [i, rows] of both.entries()) {
    const { fps, median, p99, kbps } = linkFigures(rows, 15_000, 35_000);
    const cells = [i ? "far" : "near", megabits(kbps * 1000), fps.toFixed(1), `${median} / ${p99}`];
    print(`| ${cells.join(" | ")} |`);
  }
});

print("\nA program behind a proxy (nginx) that says nothing of it, over 5 Mbit/s, 20 ms:\n");
print("| download, Mbit/s | pictures, Mbit/s | share | fps | age ms median / p99 |");
print("| --- | --- | --- | --- | --- |");
if (NGINX.path !== null) {
  await withServer(["--host=0.0.0.0", "--congestion=system"], async ({ port }) => {
    const shape = { rate: "5mbit", delay: 20, jitter: 5 };
    const most = await bulk(shape);
    await using proxy = await startProxy(
      NGINX,
      (free) =>
        `server { listen 0.0.0.0:${free}; location / {
        proxy_pass http://127.0.0.1:${port}; proxy_buffering off; proxy_http_version 1.1; } }`,
    );
    const rows = await watch(shape, { port: proxy.port });
    print(`| ${megabits(most)} | ${describe([rows], most)} |`);
  });
}
