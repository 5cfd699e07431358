/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { BrowserContext, Page } from "playwright-core";
import { makeSelfSigned } from "../../src/tls/self_signed.ts";
import { CADDY, NGINX, type ProxyProgram, startProxy } from "../support/reverse_proxy.ts";
import { StreamClient } from "../support/stream_client.ts";
import { until } from "../support/until.ts";
import { type OpenedPage, openTab, sharedChromium } from "./browser.ts";
import { ADMIN_TOKEN } from "../support/requests.ts";
import { startChannel } from "./test_channel.ts";
import { chatOf, playing, say, shownQuality } from "./watch_page.ts";

const PAGE = await Deno.readTextFile(new URL("../../docs/deploy.md", import.meta.url));
const NAME = "stream.example.com";
const TRUSTING = ["--trusted-proxy=127.0.0.1", `--allow-host=${NAME}`];

const browser = sharedChromium([`--host-resolver-rules=MAP ${NAME} 127.0.0.1`]);

/** Returns the two blocks of a language in docs/deploy.md: a whole site, and a path of another one. */
function blocksOf(language: string): readonly [site: string, path: string] {
  const pattern = new RegExp(`\n\`\`\`${language}\n(.*?)\n\`\`\``, "gs");
  const [site, path, ...more] = [...PAGE.matchAll(pattern)].map(([, block]) => block);
  assert.ok(
    site && path && more.length === 0,
    `docs/deploy.md does not have two blocks of ${language}`,
  );
  return [site, path];
}

/** Returns the text with `that` replaced. Fails if the text does not contain it. */
function replaced(text: string, that: string, by: string): string {
  assert.ok(text.includes(that), `${that} is not in ${text}`);
  return text.replaceAll(that, by);
}

const { cert, key } = await makeSelfSigned({ hosts: [NAME], now: Date.now() });
const CERTIFICATE = { "cert.pem": cert, "key.pem": key };
/** What follows a listening address in nginx's configuration. */
const SSL = "ssl; ssl_certificate cert.pem; ssl_certificate_key key.pem;";

interface Proxy {
  readonly program: ProxyProgram;
  /** Whether browsers reach `paths` over HTTPS. */
  readonly isSecure: boolean;
  /** Returns the documented site with these ports. */
  site(port: number, server: number): string;
  /** Returns a site with the documented paths: `/cam`, not stripped, and `/back`, stripped. */
  paths(port: number, cam: number, back: number): string;
}

const nginx: Proxy = {
  program: NGINX,
  isSecure: true,
  site(port, server) {
    const block = replaced(blocksOf("nginx")[0], "listen 80;", `listen 127.0.0.1:${port};`);
    return replaced(block, ":8081", `:${server}`);
  },
  paths(port, cam, back) {
    const [, block] = blocksOf("nginx");
    return `server { listen 127.0.0.1:${port} ${SSL}
      ${replaced(block, ":8081", `:${cam}`)}
      ${replaced(replaced(block, "/cam", "/back"), ":8081;", `:${back}/;`)} }`;
  },
};

const caddy: Proxy = {
  program: CADDY,
  isSecure: false,
  site(port, server) {
    // A public name would make Caddy request a certificate. The test also uses the address.
    const block = replaced(blocksOf("caddy")[0], `${NAME} {`, caddyAt(port));
    return replaced(block, ":8081", `:${server}`);
  },
  paths(port, cam, back) {
    const [, block] = blocksOf("caddy");
    const stripped = replaced(replaced(block, "/cam", "/back"), "handle ", "handle_path ");
    return `${caddyAt(port)}\n${replaced(block, ":8081", `:${cam}`)}
      ${replaced(stripped, ":8081", `:${back}`)}\n}`;
  },
};

function caddyAt(port: number): string {
  return `http://${NAME}:${port}, http://127.0.0.1:${port} {`;
}

async function openAt(context: BrowserContext, address: string): Promise<OpenedPage> {
  const opened = await openTab(context);
  await opened.page.goto(address, { waitUntil: "commit" });
  return opened;
}

async function chooseLow(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Low", exact: true }).click();
  await until("Low", () => shownQuality(page), (quality) => quality === 20);
}

async function chat(page: Page, text: string): Promise<void> {
  await say(page, text, "Ada");
  await until("the chat", () => chatOf(page), (chat) => chat.includes(`Ada: ${text}`));
}

for (const { program, site, paths, isSecure } of [nginx, caddy]) {
  const { name } = program;
  const ignore = program.path === null;

  Deno.test({
    name: `behind ${name}, configured as documented, ` +
      "picture, quality and chat work, and frames are fresh",
    ignore,
    async fn() {
      await using server = await startChannel(...TRUSTING);
      await using proxy = await startProxy(program, (port) => site(port, server.port));
      await using context = await browser.newContext();
      const { page } = await openAt(context, `http://${NAME}:${proxy.port}/`);
      await playing(page);
      await chooseLow(page);
      await chat(page, "Hello");

      await using viewer = await StreamClient.open(`http://127.0.0.1:${proxy.port}/stream`);
      const parts = await viewer.next(20, 10_000);
      const ages = parts.slice(5).map(({ age }) => age);
      const median = ages.toSorted((a, b) => a - b)[ages.length >> 1];
      assert.ok(median < 150, `pictures are ${median} ms old`);
      assert.doesNotMatch(server.output(), /"level":"(error|warn)"/);
    },
  });

  Deno.test({
    name: `behind ${name}, two programs below paths, one of them stripped, serve all pages and ` +
      "keep their cookies apart",
    ignore,
    async fn() {
      const password = "--password=open sesame";
      await using cam = await startChannel(...TRUSTING, "--base-path=/cam", password);
      await using back = await startChannel(...TRUSTING, "--base-path=/back");
      await using proxy = await startProxy(
        program,
        (port) => paths(port, cam.port, back.port),
        CERTIFICATE,
      );
      const origin = `${isSecure ? "https" : "http"}://${NAME}:${proxy.port}`;
      await using context = await browser.newContext({ ignoreHTTPSErrors: true });

      const { page, complaints } = await openAt(context, `${origin}/cam`);
      await page.getByLabel("Password").fill("open sesame");
      assert.equal(page.url(), `${origin}/cam/login`);
      await page.getByRole("button", { name: "Watch" }).click();
      await playing(page);
      assert.equal(page.url(), `${origin}/cam/`);
      await chooseLow(page);
      await chat(page, "Hello");
      await page.getByRole("button", { name: "Share" }).click();
      assert.equal(await page.locator("#share-address").inputValue(), `${origin}/cam/`);
      const code = page.locator("#qr");
      await until(
        "the code",
        () => code.evaluate((image: HTMLImageElement) => image.naturalWidth),
        (width) => width > 0,
      );

      const other = await openAt(context, `${origin}/back/`);
      await playing(other.page);
      // Choices made on one server do not affect the other.
      const high = { name: "High", exact: true, pressed: true } as const;
      await other.page.getByRole("button", high).waitFor();
      await chat(other.page, "Here, too");
      assert.deepEqual(await chatOf(page), ["Ada: Hello"]);
      const embed = await openAt(context, `${origin}/back/embed`);
      await playing(embed.page);

      const cookies = (await context.cookies()).map(({ name, path }) => `${path} ${name}`);
      const prefix = isSecure ? "__Secure-" : "";
      assert.deepEqual(
        cookies.sort(),
        ["/back/ viewer", "/cam/ pass", "/cam/ viewer"].map((one) =>
          one.replace(" ", ` ${prefix}`)
        ),
      );

      for (const path of ["/cam/", "/back/"]) {
        const studio = await openAt(context, `${origin}${path}studio#${ADMIN_TOKEN}`);
        await studio.page.locator("html[data-connection=open]").waitFor();
        await studio.page.locator("#preview-note").waitFor({ state: "hidden" });
        await studio.page.locator("#card").waitFor();
        assert.equal(await studio.page.locator("#address").inputValue(), origin + path);
        assert.deepEqual(studio.complaints, []);
        await studio.page.close();
      }
      for (const path of ["/cam/healthz", "/back/healthz", "/back"]) {
        const status = () => page.evaluate(async (path) => (await fetch(path)).status, path);
        // A busy machine may have no fresh frame for a moment, and is not healthy then.
        await until(path, status, (status) => status === 200);
      }
      assert.deepEqual([...complaints, ...other.complaints, ...embed.complaints], []);
      for (const { output } of [cam, back]) {
        assert.doesNotMatch(output(), /proxy/);
      }
    },
  });
}

Deno.test({
  name: "page and log name a line missing from the nginx configuration",
  ignore: NGINX.path === null,
  async fn() {
    await using server = await startChannel(...TRUSTING);
    const right = (port: number) => nginx.site(port, server.port);
    await using portless = await startProxy(
      NGINX,
      (port) => replaced(right(port), "Host $http_host;", "Host $host;"),
    );
    await using socketless = await startProxy(
      NGINX,
      (port) =>
        replaced(right(port), 'proxy_set_header Connection "upgrade";', "")
          .replace("proxy_set_header Upgrade $http_upgrade;", ""),
    );
    const secureSite = (port: number) =>
      replaced(
        replaced(right(port), "Host $http_host;", "Host $host;"),
        `:${port};`,
        `:${port} ${SSL}`,
      );
    await using secure = await startProxy(NGINX, secureSite, CERTIFICATE);
    await using context = await browser.newContext({ ignoreHTTPSErrors: true });

    const hostLine = "proxy_set_header Host $http_host;";
    const portlessPage = (await openAt(context, `http://${NAME}:${portless.port}/`)).page;
    await playing(portlessPage);
    await portlessPage.getByRole("button", { name: "Low", exact: true }).click();
    await portlessPage.locator("#toast").getByText(hostLine).waitFor();
    await portlessPage.locator("#chat-reason").getByText(hostLine).waitFor();

    const socketlessPage = (await openAt(context, `http://${NAME}:${socketless.port}/`)).page;
    await playing(socketlessPage);
    await chooseLow(socketlessPage);
    await chat(socketlessPage, "Hello");
    const upgradeLine = "proxy_set_header Upgrade $http_upgrade;";

    const securePage = (await openAt(context, `https://${NAME}:${secure.port}/`)).page;
    await playing(securePage);
    // Chromium marks a post as same-origin, but not a WebSocket.
    await chooseLow(securePage);
    await say(securePage, "Here, too");
    const chatted = ["Ada: Hello", "Ada: Here, too"];
    await until("the chat", () => chatOf(securePage), (chat) => chat.length >= chatted.length);
    assert.deepEqual(await chatOf(securePage), chatted);

    const output = server.output();
    for (const line of [hostLine, upgradeLine]) {
      assert.equal(output.split(line).length - 1, 1, `${line} is logged once: ${output}`);
    }
  },
});
