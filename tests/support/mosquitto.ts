import { Child } from "./child.ts";
import { findProgram } from "./find_program.ts";
import { freePort } from "./free_port.ts";
import { until } from "./until.ts";

export const MOSQUITTO = findProgram("mosquitto");

export interface BrokerOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Who may log in. Default: everyone. */
  readonly user?: { readonly name: string; readonly password: string };
  /** Files in PEM format. Default: without TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** A message at a subscriber. */
export interface Received {
  readonly topic: string;
  readonly isRetained: boolean;
  readonly payload: Uint8Array<ArrayBuffer>;
  readonly text: string;
  /** Wall time, milliseconds. */
  readonly at: number;
}

/** `mosquitto`, running in its own folder. */
export class Broker implements AsyncDisposable {
  readonly port: number;
  readonly #folder: string;
  readonly #args: readonly string[];
  #child: Child;

  private constructor(port: number, folder: string, args: readonly string[]) {
    this.port = port;
    this.#folder = folder;
    this.#args = args;
    this.#child = this.#spawn();
  }

  static async start({ port = freePort(), user, tls }: BrokerOptions = {}): Promise<Broker> {
    const folder = await Deno.makeTempDir();
    const lines = [`listener ${port} 127.0.0.1`, "user root", "persistence false"];
    const args = ["-h", tls ? "localhost" : "127.0.0.1", "-p", `${port}`];
    if (user) {
      const file = `${folder}/users`;
      const { success } = await new Deno.Command("mosquitto_passwd", {
        args: ["-b", "-c", file, user.name, user.password],
      }).output();
      if (!success) throw new Error("mosquitto_passwd failed");
      lines.push("allow_anonymous false", `password_file ${file}`);
      args.push("-u", user.name, "-P", user.password);
    } else lines.push("allow_anonymous true");
    if (tls) {
      for (const [name, text] of Object.entries(tls)) {
        await Deno.writeTextFile(`${folder}/${name}`, text);
      }
      lines.push(`certfile ${folder}/cert`, `keyfile ${folder}/key`);
      args.push("--cafile", `${folder}/cert`);
    }
    await Deno.writeTextFile(`${folder}/configuration`, `${lines.join("\n")}\n`);
    const broker = new Broker(port, folder, args);
    await broker.#listens();
    return broker;
  }

  /** Ends it at once. */
  async kill(): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
  }

  /** Starts it again. */
  async restart(): Promise<void> {
    this.#child = this.#spawn();
    await this.#listens();
  }

  /** Publishes a message by `mosquitto_pub`. */
  async publish(topic: string, message: string, ...more: readonly string[]): Promise<void> {
    const args = [...this.#args, "-t", topic, "-m", message, "-q", "1", ...more];
    const { success } = await new Deno.Command("mosquitto_pub", { args }).output();
    if (!success) throw new Error("mosquitto_pub failed");
  }

  /** Subscribes by `mosquitto_sub`. */
  async subscribe(...topics: readonly string[]): Promise<Subscriber> {
    const subscriber = new Subscriber([...this.#args, ...topics.flatMap((topic) => ["-t", topic])]);
    await subscriber.ready;
    return subscriber;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await Deno.remove(this.#folder, { recursive: true });
  }

  #spawn(): Child {
    return new Child([MOSQUITTO!, "-c", `${this.#folder}/configuration`], {});
  }

  async #listens(): Promise<void> {
    await this.#child.says(/mosquitto version .* running/);
  }
}

/** `mosquitto_sub`, running. */
export class Subscriber implements AsyncDisposable {
  readonly messages: Received[] = [];
  readonly ready: Promise<void>;
  readonly #process: Deno.ChildProcess;
  readonly #reading: Promise<void>;

  constructor(args: readonly string[]) {
    this.#process = new Deno.Command("stdbuf", {
      args: ["-oL", "mosquitto_sub", "-q", "1", "-d", "-F", "> %r %t %x", ...args],
      stdout: "piped",
      stderr: "null",
      stdin: "null",
    }).spawn();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ready = promise;
    this.#reading = this.#read(resolve);
  }

  /** Waits for a message of this topic, and text if given, among those after the first `from`. */
  async next(topic: string, text?: string, from = 0): Promise<Received> {
    const found = await until(
      `${topic} ${text ?? ""}`,
      () =>
        this.messages.slice(from).find((one) =>
          one.topic === topic && (text === undefined || one.text === text)
        ),
      Boolean,
      { timeout: 20_000, every: 5 },
    );
    return found!;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#process.status;
    await this.#reading;
  }

  async #read(onReady: () => void): Promise<void> {
    let rest = "";
    for await (const text of this.#process.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        if (/^Subscribed /.test(line)) onReady();
        const [, retained, topic, hex] = /^> (\d) (\S+) ([\da-f]*)$/.exec(line) ?? [];
        if (topic === undefined) continue;
        const payload = Uint8Array.from(hex!.match(/../g) ?? [], (two) => parseInt(two, 16));
        this.messages.push({
          ...{ topic, payload, isRetained: retained === "1", at: Date.now() },
          text: new TextDecoder().decode(payload),
        });
      }
    }
  }
}
