import { setTimeout as delay } from "node:timers/promises";
import { framesOf, movingClip } from "./clips.ts";

/** A request to a camera: the path and the headers. */
export interface CameraRequest {
  readonly path: string;
  readonly headers: Headers;
}

/** Sends a response, starting with the status line. Rejects when the client disconnects. */
export type Send = (bytes: string | Uint8Array) => Promise<void>;

/** Handles a camera's request; the connection closes afterwards. */
export type Answer = (request: CameraRequest, send: Send) => Promise<void>;

/** A network camera on loopback whose HTTP responses, valid or not, the test sets. */
export class HttpCamera implements AsyncDisposable {
  /** All requests, oldest first. */
  readonly requests: CameraRequest[] = [];
  readonly port: number;
  /** `127.0.0.1:8080`. */
  readonly host: string;
  readonly #listener: Deno.TcpListener;
  readonly #connections = new Set<Deno.Conn>();
  readonly #done: Promise<void>;

  /** @param hostname An address of loopback, `127.0.0.1` or another one. */
  constructor(answer: Answer, hostname = "127.0.0.1") {
    this.#listener = Deno.listen({ hostname, port: 0 });
    this.port = this.#listener.addr.port;
    this.host = `${hostname}:${this.port}`;
    this.#done = this.#serve(answer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.#connections) {
      this.#connections.delete(connection);
      connection.close();
    }
    await this.#done;
  }

  async #serve(answer: Answer): Promise<void> {
    const answers: Promise<void>[] = [];
    for await (const connection of this.#listener) {
      this.#connections.add(connection);
      answers.push(
        this.#answer(connection, answer).catch(() => {}).finally(() => {
          if (this.#connections.delete(connection)) connection.close();
        }),
      );
    }
    await Promise.all(answers);
  }

  async #answer(connection: Deno.Conn, answer: Answer): Promise<void> {
    const request = await readRequest(connection);
    this.requests.push(request);
    await answer(request, async (bytes) => {
      const data = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
      for (let at = 0; at < data.length;) at += await connection.write(data.subarray(at));
    });
  }
}

async function readRequest(connection: Deno.Conn): Promise<CameraRequest> {
  const buffer = new Uint8Array(4096);
  let text = "";
  while (!text.includes("\r\n\r\n")) {
    const length = await connection.read(buffer);
    if (length === null) throw new Error("The client hung up");
    text += new TextDecoder().decode(buffer.subarray(0, length));
  }
  const [line, ...lines] = text.split("\r\n\r\n")[0].split("\r\n");
  const headers = new Headers(
    lines.map((each): [string, string] => {
      const [name, value] = each.split(/: ?(.*)/s);
      return [name, value];
    }),
  );
  return { path: line.split(" ")[1], headers };
}

/** The head of an endless multipart response. */
export const MULTIPART_HEAD =
  "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=frame\r\n\r\n";

/** The head of a part without a length. */
export const PART_HEAD = "--frame\r\nContent-Type: image/jpeg\r\n\r\n";

/** Plays the moving clip at about 30 frames a second, like a network camera. */
export const playClip: Answer = async (_, send) => {
  const frames = await framesOf(await movingClip());
  await send(MULTIPART_HEAD);
  for (let i = 0;; i++) {
    const frame = frames[i % frames.length];
    await send(`--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${frame.length}\r\n\r\n`);
    await send(frame);
    await send("\r\n");
    await delay(33);
  }
};

/** Redirects every request. */
export function redirectTo(location: string): Answer {
  return (_, send) =>
    send(`HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`);
}

/** Answers with text of this type. */
export function documentOf(type: string, text: string): Answer {
  return (_, send) => send(`HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\n\r\n${text}`);
}

/** Returns an HLS playlist with a single segment at this address. */
export function hlsPlaylist(address: string): string {
  return `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${address}\n#EXT-X-ENDLIST\n`;
}

/** Answers with such a playlist. */
export function playlistOf(address: string): Answer {
  return documentOf("application/vnd.apple.mpegurl", hlsPlaylist(address));
}
