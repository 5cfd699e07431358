import { findProgram } from "./find_program.ts";
import { until } from "./until.ts";

const FOLDER = new URL("../../deploy/edge/", import.meta.url);

/** Whether edges can run here: root on Linux, with `ip` of iproute2 and nginx. */
export async function canRunEdges(): Promise<boolean> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  if (findProgram("nginx") === null || findProgram("ip") === null) return false;
  const name = `e${crypto.randomUUID().slice(0, 8)}`;
  try {
    await run("ip", "netns", "add", name);
    await run("nsenter", `--net=/run/netns/${name}`, "true");
    return true;
  } catch {
    return false;
  } finally {
    await run("ip", "netns", "del", name).catch(() => {});
  }
}

/** Places of some edges: where each can be reached, and where it reaches this machine. */
export interface EdgePlace {
  readonly name: string;
  readonly subnet: string;
}

/** Returns places for so many edges. */
export function edgePlaces(count: number): EdgePlace[] {
  const [a, b] = crypto.getRandomValues(new Uint8Array(2));
  return Array.from({ length: count }, (_, i) => ({
    name: `e${a.toString(16)}${b.toString(16)}n${i}`,
    subnet: `10.${100 + a % 50}.${(b + i) % 256}`,
  }));
}

/** nginx in a network namespace, with the configuration of `deploy/edge/`. */
export class Edge implements AsyncDisposable {
  /** Where it is reached from this machine. */
  readonly address: string;
  readonly #place: EdgePlace;
  readonly #folder: string;
  readonly #nginx: Deno.ChildProcess;

  private constructor(place: EdgePlace, folder: string, nginx: Deno.ChildProcess) {
    this.address = `${place.subnet}.2:80`;
    this.#place = place;
    this.#folder = folder;
    this.#nginx = nginx;
  }

  /**
   * Starts an edge and waits until it listens.
   *
   * @param port The origin's port on this machine, where it listens on every address.
   * @param all The places of all edges.
   */
  static async start(place: EdgePlace, port: number, all: readonly EdgePlace[]): Promise<Edge> {
    const folder = await Deno.makeTempDir({ prefix: "edge_" });
    try {
      await makeLink(place);
      const file = `${folder}/nginx.conf`;
      await Deno.writeTextFile(file, await configuration(folder, `${place.subnet}.1:${port}`));
      await Deno.writeTextFile(
        `${folder}/steering.json`,
        steering(all.filter((one) => one !== place)),
      );
      const nginx = new Deno.Command("nsenter", {
        args: [...inside(place), findProgram("nginx")!, "-c", file, "-g", globals(folder)],
        stdin: "null",
        stdout: "null",
        stderr: "null",
      }).spawn();
      const edge = new Edge(place, folder, nginx);
      try {
        await until("the edge to listen", () => edge.#listens());
      } catch (error) {
        await edge[Symbol.asyncDispose]();
        throw error;
      }
      return edge;
    } catch (error) {
      await removeLink(place);
      throw error;
    }
  }

  /** nginx and its workers. One of them, the cache's loader, ends after a minute. */
  get pids(): readonly number[] {
    const { pid } = this.#nginx;
    try {
      const children = Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`);
      return [pid, ...children.trim().split(" ").filter(Boolean).map(Number)];
    } catch {
      return [];
    }
  }

  /** Returns what this edge has asked the origin for so far, in order: the time in seconds and the path, `17/hls/…`. */
  async asked(): Promise<string[]> {
    const text = await Deno.readTextFile(`${this.#folder}/asked.log`);
    return text.split("\n").slice(0, -1);
  }

  /** Kills nginx: connections are reset, further ones refused. */
  kill(): void {
    for (const pid of this.pids) {
      try {
        Deno.kill(pid, "SIGKILL");
      } catch {
        // The process has exited already.
      }
    }
  }

  /** Pulls the cable: nothing comes from this edge any more, not even a refusal. */
  async cutOff(): Promise<void> {
    const { name } = this.#place;
    await run("nsenter", ...inside(this.#place), "ip", "link", "set", `${name}b`, "down");
  }

  async #listens(): Promise<boolean> {
    try {
      const response = await fetch(`http://${this.address}/hls/steering.json`);
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    await this.#nginx.status;
    await removeLink(this.#place);
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** Returns what the nginx image would make of the template, with a log of the requests to the origin. */
async function configuration(folder: string, origin: string): Promise<string> {
  const template = await Deno.readTextFile(new URL("nginx.conf.template", FOLDER));
  const log = `log_format asked $second$uri;
  map $server_port:$upstream_addr $is_asked { default 0; ~^8079:. 1; }
  access_log ${folder}/asked.log asked if=$is_asked;
  client_body_temp_path ${folder}/body;`;
  return template
    .replaceAll("${ORIGIN}", origin)
    .replaceAll("${ORIGIN_HOST}", "localhost")
    .replaceAll("/var/cache/nginx", folder)
    .replaceAll("/etc/nginx/edge", folder)
    .replace("access_log off;", log);
}

/** Returns what `deploy/edge/steering.json` is to be where these are the others. */
function steering(others: readonly EdgePlace[]): string {
  const ids = others.map((_, i) => `edge${i + 1}`);
  return JSON.stringify({
    VERSION: 1,
    TTL: 60,
    "PATHWAY-PRIORITY": [".", ...ids],
    "PATHWAY-CLONES": others.map(({ subnet }, i) => ({
      "BASE-ID": ".",
      ID: ids[i],
      "URI-REPLACEMENT": { HOST: `${subnet}.2` },
    })),
  });
}

/** Returns what the image sets by itself. */
const globals = (folder: string) =>
  `daemon off; user root; pid ${folder}/nginx.pid; error_log ${folder}/error.log;`;

const inside = ({ name }: EdgePlace) => [`--net=/run/netns/${name}`];

async function makeLink(place: EdgePlace): Promise<void> {
  const { name, subnet } = place;
  const within = (...command: string[]) => run("nsenter", ...inside(place), ...command);
  await run("ip", "netns", "add", name);
  await run("ip", "link", "add", `${name}a`, "type", "veth", "peer", "name", `${name}b`);
  await run("ip", "link", "set", `${name}b`, "netns", name);
  await run("ip", "addr", "add", `${subnet}.1/24`, "dev", `${name}a`);
  await run("ip", "link", "set", `${name}a`, "up");
  await within("ip", "addr", "add", `${subnet}.2/24`, "dev", `${name}b`);
  await within("ip", "link", "set", `${name}b`, "up");
  await within("ip", "link", "set", "lo", "up");
}

async function removeLink({ name }: EdgePlace): Promise<void> {
  await run("ip", "link", "del", `${name}a`).catch(() => {});
  await run("ip", "netns", "del", name).catch(() => {});
}

async function run(program: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args, stdin: "null" }).output();
  if (success) return;
  throw new Error(`${program} ${args.join(" ")}: ${new TextDecoder().decode(stderr).trim()}`);
}
