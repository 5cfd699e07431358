import { Hub, type Transcoder } from "../../src/broadcast/hub.ts";
import { Donations } from "../../src/community/donations.ts";
import { startServer } from "../../src/http/server.ts";
import type { SourceStatus } from "../../src/http/services.ts";
import { readStaticFiles } from "../../src/http/static_files.ts";
import { Registry } from "../../src/viewers/registry.ts";
import { SettingsStore } from "../../src/viewers/settings.ts";
import { recordingLog } from "./recording_log.ts";

/** The smallest picture with a frame header: SOI, SOF0 of 32x16, EOI. */
export const TINY_JPEG = new Uint8Array(
  [0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 16, 0, 32, 1, 1, 0x11, 0, 0xff, 0xd9],
);

/** A rendition in these tests is the picture with its quality and filter behind it. */
const appending: Transcoder = {
  transcode({ jpeg }, renditions) {
    const luma = { width: 1, height: 1, data: new Uint8Array(1) };
    const outputs = renditions.map(({ quality, filter }) =>
      new Uint8Array([...jpeg, ...new TextEncoder().encode(`${quality} ${filter}`)])
    );
    return Promise.resolve({ luma, outputs });
  },
};

export interface TestServerOptions {
  readonly maxViewers?: number;
  readonly page?: string;
}

/** A real server on a free port of loopback, with the camera in the test's hands. */
export async function startTestServer({ maxViewers = 10, page = "" }: TestServerOptions = {}) {
  const log = recordingLog();
  const hub = new Hub({
    transcoder: appending,
    motion: { due: () => false, observe: () => {} },
  });
  const gaming = { quality: 40 };
  const registry = new Registry({ broadcast: hub, gaming, maxViewers, uplink: null, fps: 30, log });
  const donations = new Donations();
  const status: { current: SourceStatus } = {
    current: { live: true, source: "test picture", reason: null },
  };
  const services = {
    title: "<Tea> & cake",
    asked: { width: 1280, height: 720, fps: 30 },
    hub,
    registry,
    settings: new SettingsStore(),
    donations,
    source: () => status.current,
    counters: () => ({ damaged: 3 }),
    page,
    instanceId: "this run",
    startedAt: Date.now(),
  };
  const files = await readStaticFiles(new URL("../../static/", import.meta.url));
  const server = await startServer({ host: "127.0.0.1", port: 0, files, services, log });
  const origin = `http://127.0.0.1:${server.port}`;
  return {
    hub,
    registry,
    donations,
    status,
    log,
    services,
    port: server.port,
    origin,
    /** Requests a path; redirects are given as they are. */
    get: (path: string, init: RequestInit = {}) =>
      fetch(origin + path, { redirect: "manual", ...init }),
    async [Symbol.asyncDispose]() {
      registry.close();
      await server.stop();
    },
  };
}

/** Headers and picture of one part of a stream. */
export interface ReceivedPart {
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** Reads a multipart stream part by part, by their Content-Length. */
export async function* readParts(response: Response): AsyncGenerator<ReceivedPart> {
  let rest = new Uint8Array();
  for await (const chunk of response.body!) {
    rest = new Uint8Array([...rest, ...chunk]);
    while (true) {
      const text = new TextDecoder("latin1").decode(rest);
      const head = /^(?:\r\n)?--frame\r\n([^]*?)\r\n\r\n/.exec(text);
      if (!head) break;
      const headers = new Headers(
        head[1].split("\r\n").map((line) => line.split(": ") as [string, string]),
      );
      const end = head[0].length + Number(headers.get("content-length"));
      // The boundary after the picture must have come with it.
      if (!text.slice(end).startsWith("\r\n--frame\r\n")) break;
      yield { headers, body: rest.subarray(head[0].length, end) };
      rest = rest.slice(end);
    }
  }
}

/** The id cookie that the page gives a new viewer, as a request header. */
export async function newViewer(
  server: { get(path: string): Promise<Response> },
): Promise<{ cookie: string }> {
  const response = await server.get("/");
  await response.body?.cancel();
  return { cookie: response.headers.get("set-cookie")!.split(";")[0] };
}
