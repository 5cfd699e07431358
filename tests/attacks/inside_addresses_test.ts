import assert from "node:assert/strict";
import { HttpCamera, playClip, playlistOf, redirectTo } from "../support/http_camera.ts";
import { startProgram } from "../support/program.ts";
import { ADMIN_TOKEN } from "../support/requests.ts";
import { until } from "../support/until.ts";

/** Time within which a camera is opened or refused. Milliseconds. */
const PATIENCE_MS = 8_000;

/** Returns the program's reason against a camera, for the streamer; null once it delivers frames. */
async function reasonOf(source: string): Promise<string | null> {
  await using program = await startProgram([`--source=${source}`, `--admin-token=${ADMIN_TOKEN}`]);
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  const { reason } = await until<{ reason: string | null }>(
    "frames or a reason against them",
    async () => await (await fetch(`${program.origin}/admin/state`, { headers })).json(),
    ({ reason }) => reason === null || /^(Cannot|The pictures)/.test(reason),
    { timeout: PATIENCE_MS },
  );
  return reason;
}

/** Whether this ffmpeg can disable redirects. If not, it is ended when it follows one. */
const limitsRedirects = new TextDecoder().decode(
  (await new Deno.Command("ffmpeg", { args: ["-hide_banner", "-h", "protocol=http"] }).output())
    .stdout,
).includes("-max_redirects");

const REFUSED =
  /^Cannot show "http:\S+": it sends this machine to another address, which is not followed$/;

Deno.test("attack: camera redirects ffmpeg to internal addresses", async () => {
  await using inside = new HttpCamera(playClip, "127.0.0.2");
  await using redirecting = new HttpCamera(redirectTo(`http://${inside.host}/`));
  await using listing = new HttpCamera(playlistOf(`http://${inside.host}/1.ts`));
  await using listingFile = new HttpCamera(playlistOf("file:///etc/passwd"));
  await using sound = new HttpCamera((request, send) =>
    (request.path === "/live" ? redirectTo("/other") : playClip)(request, send)
  );
  const [redirected, listed, listedFile, stayed] = await Promise.all(
    [redirecting, listing, listingFile, sound].map(({ host }) => reasonOf(`http://${host}/live`)),
  );
  assert.match(redirected!, REFUSED);
  if (limitsRedirects) assert.deepEqual(inside.requests.filter(({ path }) => path === "/"), []);
  assert.match(listed!, REFUSED);
  assert.match(listedFile!, /^Cannot/);
  // A redirect to the same host is followed.
  assert.equal(stayed, null);
});
