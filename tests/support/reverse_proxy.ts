import { findProgram } from "./find_program.ts";
import { freePort } from "./free_port.ts";
import { until } from "./until.ts";

/** A reverse proxy, running in its own process and folder. */
export interface ReverseProxy extends AsyncDisposable {
  readonly port: number;
}

/** A program that can act as a reverse proxy. */
export interface ProxyProgram {
  readonly name: string;
  /** Its path; `null` if not installed. */
  readonly path: string | null;
  /** Returns a complete configuration for these sites. */
  configuration(sites: string): string;
  args(file: string, folder: string): string[];
}

export const NGINX: ProxyProgram = {
  name: "nginx",
  path: findProgram("nginx"),
  configuration(sites) {
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
      .map((kind) => `${kind}_temp_path ${kind};`).join(" ");
    return `daemon off; pid nginx.pid; error_log stderr; events {}
      http { access_log off; ${temporary} ${sites} }`;
  },
  args: (file, folder) => ["-c", file, "-p", folder],
};

export const CADDY: ProxyProgram = {
  name: "Caddy",
  path: findProgram("caddy"),
  configuration: (sites) => `{\nadmin off\n}\n${sites}\n`,
  args: (file) => ["run", "--adapter", "caddyfile", "--config", file],
};

/**
 * Starts a reverse proxy and waits until it listens.
 *
 * @param sitesAt Returns the sites for a free port.
 * @param files Files beside the configuration, by name.
 */
export async function startProxy(
  program: ProxyProgram,
  sitesAt: (port: number) => string,
  files: Readonly<Record<string, string>> = {},
): Promise<ReverseProxy> {
  if (program.path === null) throw new Error(`${program.name} is not installed`);
  const folder = await Deno.makeTempDir();
  const port = freePort();
  const file = `${folder}/configuration`;
  await Deno.writeTextFile(file, program.configuration(sitesAt(port)));
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
  const child = new Deno.Command(program.path, {
    args: program.args(file, folder),
    env: { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    stdout: "null",
    stderr: "null",
  }).spawn();
  const proxy = {
    port,
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGTERM");
      } catch {
        // The process has exited already.
      }
      await child.status;
      await Deno.remove(folder, { recursive: true });
    },
  };
  try {
    await until(`${program.name} to listen`, () => listens(port));
  } catch (error) {
    await proxy[Symbol.asyncDispose]();
    throw error;
  }
  return proxy;
}

async function listens(port: number): Promise<boolean> {
  try {
    using _connection = await Deno.connect({ hostname: "127.0.0.1", port });
    return true;
  } catch {
    return false;
  }
}
