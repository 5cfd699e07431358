import { NGINX, startProxy } from "./reverse_proxy.ts";

/** Whether nginx is installed. */
export const hasNginx: boolean = NGINX.path !== null;

const TYPES = "types { text/html html; text/javascript js; " +
  "application/vnd.apple.mpegurl m3u8; video/mp4 mp4; video/iso.segment m4s; }";

/**
 * Starts an nginx that takes files below `/put/` by PUT and DELETE and gives them, as it gives those of a folder below
 * `/folder/`, and hls.js with a page that plays `?src=`.
 *
 * @param folder Absolute, with a slash at its end.
 * @param library Of hls.js.
 */
export async function startHlsServer(folder: string, library: string) {
  const put = await Deno.makeTempDir();
  // Its workers are another user.
  await Deno.chmod(put, 0o777);
  await Deno.chmod(folder, 0o755);
  await Deno.copyFile(library, `${put}/hls.js`);
  const server = await startProxy(
    NGINX,
    (port) =>
      `${TYPES} server { listen 127.0.0.1:${port}; client_body_temp_path ${put}/.temporary;
      location /put/ { alias ${put}/; dav_methods PUT DELETE; client_max_body_size 20m; }
      location /folder/ { alias ${folder}; }
      location = /hls.js { alias ${put}/hls.js; }
      location = /play.html { default_type text/html; return 200
        '<!doctype html><video muted autoplay></video><script src="/hls.js"></script>'; } }`,
  );
  return {
    origin: `http://127.0.0.1:${server.port}`,
    put,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await Deno.remove(put, { recursive: true });
    },
  };
}
