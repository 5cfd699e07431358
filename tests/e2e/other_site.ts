/// <reference lib="dom" />
import type { Page } from "playwright-core";

/** Every name with this ending points to this machine, as the owner of any name can arrange. */
export const RESOLVER = "--host-resolver-rules=MAP *.test 127.0.0.1";

/**
 * Serves another site on this machine: an empty page on its own port, which sends no Referer when
 * opened with `?no-referrer`.
 */
export function otherSite() {
  const page = "<!doctype html><title>Another site</title>";
  const headers = { "content-type": "text/html" };
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    ({ url }) => {
      const policy = url.endsWith("?no-referrer") ? "no-referrer" : "";
      return new Response(page, { headers: { ...headers, "referrer-policy": policy } });
    },
  );
  return { port: server.addr.port, [Symbol.asyncDispose]: () => server.shutdown() };
}

/** Returns the result of `attempt` in the page, or `refused` if it fails. */
export const outcomes = {
  post: (page: Page, url: string, init: RequestInit) =>
    page.evaluate(
      ([url, init]) =>
        fetch(url, { method: "POST", credentials: "include", ...init })
          .then((response) => `answered ${response.status}`, () => "refused"),
      [url, init] as const,
    ),
  read: (page: Page, url: string, credentials: RequestCredentials = "include") =>
    page.evaluate(
      ([url, credentials]) =>
        fetch(url, { credentials })
          .then((response) => `read ${response.status}`, () => "refused"),
      [url, credentials] as const,
    ),
  draw: (page: Page, url: string) =>
    page.evaluate((url) =>
      new Promise<string>((resolve) => {
        const image = new Image();
        image.onload = () => resolve(`drew ${image.width} pixels`);
        image.onerror = () => resolve("refused");
        image.src = url;
      }), url),
  run: (page: Page, url: string) =>
    page.evaluate((url) =>
      new Promise<string>((resolve) => {
        const script = document.createElement("script");
        script.onload = () => resolve("ran");
        script.onerror = () => resolve("refused");
        script.src = url;
        document.head.append(script);
      }), url),
  connect: (page: Page, url: string) =>
    page.evaluate((url) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(url.replace("http", "ws"));
        socket.onopen = () => resolve("connected");
        socket.onclose = () => resolve("refused");
      }), url),
  async frame(page: Page, url: string) {
    await page.evaluate((url) =>
      new Promise((resolve) => {
        const frame = document.createElement("iframe");
        frame.onload = resolve;
        frame.src = url;
        document.body.append(frame);
      }), url);
    const shown = page.frames().some((frame) => frame.url() === url);
    await page.evaluate(() => document.querySelector("iframe")!.remove());
    return shown ? "framed" : "refused";
  },
};
