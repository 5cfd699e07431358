/// <reference lib="dom" />
import assert from "node:assert/strict";
import { findProgram } from "../support/find_program.ts";
import { startProgram } from "../support/program.ts";
import { Watcher } from "../support/watcher.ts";
import { chartClip, chatOf, launchChromium, playing, say, shownQuality, until } from "./support.ts";

const README = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
const NAME = "stream.example.com";

/** The only block of a language in the README. */
function blockOf(language: string): string {
  const [, block] = new RegExp(`\n\`\`\`${language}\n(.*?)\n\`\`\``, "s").exec(README) ?? [];
  assert.ok(block, `The README has no ${language}`);
  return block;
}

/** A text with this instead of that, which must be in it. */
function replaced(text: string, that: string, by: string): string {
  assert.ok(text.includes(that), `${that} is not in ${text}`);
  return text.replaceAll(that, by);
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

interface Proxy {
  readonly name: string;
  readonly program: string;
  /** Its configuration, as the README has it but for the ports, and how it is started with it. */
  configure(port: number, server: number): string;
  args(file: string, folder: string): string[];
}

const PROXIES: readonly Proxy[] = [
  {
    name: "nginx",
    program: "nginx",
    configure(port, server) {
      const block = replaced(blockOf("nginx"), "listen 80;", `listen 127.0.0.1:${port};`);
      const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map((kind) => `${kind}_temp_path ${kind};`).join(" ");
      return `daemon off; pid nginx.pid; error_log stderr; events {}
        http { access_log off; ${temporary} ${replaced(block, ":8081", `:${server}`)} }`;
    },
    args: (file, folder) => ["-c", file, "-p", folder],
  },
  {
    name: "Caddy",
    program: "caddy",
    configure(port, server) {
      // Without a name of its own Caddy would ask for a certificate; by the address is looked, too.
      const sites = `http://${NAME}:${port}, http://127.0.0.1:${port} {`;
      const block = replaced(blockOf("caddy"), `${NAME} {`, sites);
      return `{\nadmin off\n}\n${replaced(block, ":8081", `:${server}`)}\n`;
    },
    args: (file) => ["run", "--adapter", "caddyfile", "--config", file],
  },
];

for (const { name, program, configure, args } of PROXIES) {
  const path = findProgram(program);

  Deno.test({
    name: `behind ${name}, set up as the README says: ` +
      "picture, quality and chat work, and pictures are fresh",
    ignore: path === null,
    async fn() {
      assert.ok(path !== null);
      const folder = await Deno.makeTempDir();
      const port = freePort();
      await using server = await startProgram([
        ...["--source", await chartClip(), "--trusted-proxy=127.0.0.1", `--allow-host=${NAME}`],
      ]);
      const file = `${folder}/configuration`;
      await Deno.writeTextFile(file, configure(port, server.port));
      const proxy = new Deno.Command(path, {
        args: args(file, folder),
        env: { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
        stdout: "null",
        stderr: "null",
      }).spawn();
      try {
        await until("the proxy", () =>
          fetch(`http://127.0.0.1:${port}/healthz`)
            .then(async (response) => (await response.body?.cancel(), response.status), () => 0), (
          status,
        ) => status === 200);

        await using browser = await launchChromium([`--host-resolver-rules=MAP ${NAME} 127.0.0.1`]);
        const page = await (await browser.newContext()).newPage();
        page.setDefaultTimeout(10_000);
        let received = 0;
        page.on("websocket", (socket) => socket.on("framereceived", () => received++));
        await page.goto(`http://${NAME}:${port}/`, { waitUntil: "commit" });
        await playing(page);
        await page.getByRole("button", { name: "Low" }).click();
        await until("Low", () => shownQuality(page), (quality) => quality === 20);
        await say(page, "Hello", "Ada");
        await until("the chat", () => chatOf(page), (chat) => chat.includes("Ada: Hello"));
        assert.ok(received > 0, "nothing came by the WebSocket");

        await using viewer = await Watcher.open(`http://127.0.0.1:${port}/stream`);
        const parts = await viewer.next(20, 10_000);
        const ages = parts.slice(5).map(({ at, headers }) =>
          performance.timeOrigin + at - Number(headers.get("x-timestamp")) * 1000
        );
        const median = ages.toSorted((a, b) => a - b)[ages.length >> 1];
        assert.ok(median < 150, `pictures are ${median} ms old`);
        assert.doesNotMatch(server.output(), /"level":"(error|warn)"/);
      } finally {
        proxy.kill("SIGTERM");
        await proxy.status;
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}
