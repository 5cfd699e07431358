/** The camera's reaction to a request for TCP: answer 461, or send nothing. */
type TcpHabit = "refuses" | "is silent";

interface RtspCameraOptions {
  /** The H.264 file that it sends. */
  readonly clip: string;
  readonly tcp: TcpHabit;
}

/** An RTSP camera on loopback that does not send its stream over TCP. */
export class RtspCamera implements AsyncDisposable {
  readonly url: string;
  /** The transport of each SETUP, oldest first. */
  readonly transports: ("TCP" | "UDP")[] = [];
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #options: RtspCameraOptions;
  readonly #connections = new Set<Deno.Conn>();
  readonly #done: Promise<void>;

  constructor(options: RtspCameraOptions) {
    this.#options = options;
    this.url = `rtsp://127.0.0.1:${this.#listener.addr.port}/live`;
    this.#done = this.#serve();
  }

  /** Disconnects its client. */
  hangUp(): void {
    for (const connection of this.#connections) connection.close();
    this.#connections.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.hangUp();
    await this.#done;
  }

  async #serve(): Promise<void> {
    const answers: Promise<void>[] = [];
    for await (const connection of this.#listener) {
      this.#connections.add(connection);
      answers.push(this.#answer(connection).catch(() => {}));
    }
    await Promise.all(answers);
  }

  async #answer(connection: Deno.Conn): Promise<void> {
    let sender: Deno.ChildProcess | null = null;
    let port: string | null = null;
    let text = "";
    const decoder = new TextDecoder();
    const reply = (status: string, cseq: string, headers: string, body = "") =>
      connection.write(new TextEncoder().encode(
        `RTSP/1.0 ${status}\r\nCSeq: ${cseq}\r\nSession: 12345678\r\n${headers}` +
          `Content-Length: ${body.length}\r\n\r\n${body}`,
      ));
    try {
      const buffer = new Uint8Array(4096);
      for (;;) {
        const end = text.indexOf("\r\n\r\n");
        if (end < 0) {
          const length = await connection.read(buffer);
          if (length === null) return;
          text += decoder.decode(buffer.subarray(0, length), { stream: true });
          continue;
        }
        const request = text.slice(0, end);
        text = text.slice(end + 4);
        const [, cseq = "0"] = /^CSeq: *(\d+)/im.exec(request) ?? [];
        const [, transport = ""] = /^Transport: *(.*)$/im.exec(request) ?? [];
        switch (request.split(" ")[0]) {
          case "DESCRIBE":
            await reply("200 OK", cseq, "Content-Type: application/sdp\r\n", SDP);
            break;
          case "SETUP": {
            this.transports.push(transport.startsWith("RTP/AVP/TCP") ? "TCP" : "UDP");
            [, port = null] = /client_port=(\d+)/.exec(transport) ?? [];
            const isRefused = port === null && this.#options.tcp === "refuses";
            const granted = port === null ? transport : `${transport};server_port=19090-19091`;
            if (isRefused) await reply("461 Unsupported Transport", cseq, "");
            else await reply("200 OK", cseq, `Transport: ${granted}\r\n`);
            break;
          }
          case "PLAY":
            await reply("200 OK", cseq, "");
            if (port !== null) sender = this.#send(port);
            break;
          default:
            await reply("200 OK", cseq, "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n");
        }
      }
    } finally {
      if (this.#connections.delete(connection)) connection.close();
      sender?.kill("SIGKILL");
      await sender?.status;
    }
  }

  #send(port: string): Deno.ChildProcess {
    const input = ["-nostdin", "-re", "-stream_loop", "-1", "-i", this.#options.clip];
    return new Deno.Command("ffmpeg", {
      args: [...input, "-c", "copy", "-f", "rtp", `rtp://127.0.0.1:${port}`],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
  }
}

const SDP = [
  ...["v=0", "o=- 0 0 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0"],
  ...["m=video 0 RTP/AVP 96", "a=rtpmap:96 H264/90000", "a=fmtp:96 packetization-mode=1"],
  ...["a=control:trackID=0", ""],
].join("\r\n");
