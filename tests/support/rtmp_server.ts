import { findProgram } from "./find_program.ts";
import { freePort } from "./free_port.ts";
import { until } from "./until.ts";

/** Debian's `libnginx-mod-rtmp`. */
const MODULE = "/usr/lib/nginx/modules/ngx_rtmp_module.so";

/** nginx with its RTMP module, which makes HLS of what is published to it. */
export interface RtmpServer extends AsyncDisposable {
  /** Where to publish to. */
  readonly url: string;
  /** The file of its playlist, once there is one. */
  readonly playlist: string;
  /** Kills it, as a crash does. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  restart(): Promise<void>;
}

/** Whether this machine has it. */
export async function hasRtmpServer(): Promise<boolean> {
  const isThere = await Deno.stat(MODULE).then(() => true, () => false);
  return isThere && findProgram("nginx") !== null;
}

/** Starts it on a free port, with one application `live` that takes any key but `wrong`. */
export async function startRtmpServer(): Promise<RtmpServer> {
  const folder = await Deno.makeTempDir({ prefix: "rtmp_" });
  const port = freePort();
  const webPort = freePort();
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `${kind}_temp_path ${kind};`).join(" ");
  await Deno.writeTextFile(
    `${folder}/configuration`,
    `load_module ${MODULE}; daemon off; master_process off; pid nginx.pid; error_log stderr;
    events {}
    http { access_log off; ${temporary} server { listen 127.0.0.1:${webPort};
      location / { if ($arg_name = wrong) { return 403; } return 200; } } }
    rtmp { access_log off; server { listen 127.0.0.1:${port}; application live { live on;
      on_publish http://127.0.0.1:${webPort}/; notify_method get;
      hls on; hls_path ${folder}/hls; hls_fragment 1s; hls_playlist_length 30s; } } }`,
  );
  const start = async () => {
    const child = new Deno.Command(findProgram("nginx")!, {
      args: ["-c", `${folder}/configuration`, "-p", folder],
      stdout: "null",
      stderr: "null",
    }).spawn();
    await until("nginx to listen", () => listens(port));
    return child;
  };
  let child = await start();
  const kill = async () => {
    child.kill("SIGKILL");
    await child.status;
  };
  return {
    url: `rtmp://127.0.0.1:${port}/live/cam`,
    playlist: `${folder}/hls/cam.m3u8`,
    kill,
    async restart() {
      child = await start();
    },
    async [Symbol.asyncDispose]() {
      await kill().catch(() => {});
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function listens(port: number): Promise<boolean> {
  try {
    using _connection = await Deno.connect({ hostname: "127.0.0.1", port });
    return true;
  } catch {
    return false;
  }
}
