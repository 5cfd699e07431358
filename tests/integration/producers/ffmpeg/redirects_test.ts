import assert from "node:assert/strict";
import {
  type Answer,
  documentOf,
  HttpCamera,
  playClip,
  redirectTo,
} from "../../../support/http_camera.ts";
import { SwitcherProbe } from "../../../support/switcher_probe.ts";

Deno.test("a source is followed from one path of its host to the next", async () => {
  await using camera = new HttpCamera((request, send) => {
    const next = Number(request.path.slice(1)) + 1;
    return (next > 3 ? playClip : redirectTo(`/${next}`))(request, send);
  });
  await using probe = await new SwitcherProbe({ source: `http://${camera.host}/1` }).start();
  await probe.until("live", () => probe.state.live, 10_000);
  assert.equal(camera.requests.at(-1)!.path, "/3");
});

Deno.test("a source that redirects forever is not shown", async () => {
  await using camera = new HttpCamera(redirectTo("/again"));
  await using probe = await new SwitcherProbe({ source: `http://${camera.host}/` }).start();
  const isOver = () => /^Cannot open "/.test(probe.reason ?? "");
  await probe.until("failure", isOver, 15_000);
});

const page = documentOf("text/html", "<!DOCTYPE html>\n<html><body>Camera</body></html>");

Deno.test("the bare address of a camera leads to its /stream", async () => {
  await using camera = new HttpCamera((request, send) =>
    (request.path === "/" ? page : playClip)(request, send)
  );
  await using probe = await new SwitcherProbe({ source: `http://${camera.host}/` }).start();
  await probe.until("live", () => probe.state.live, 15_000);
  assert.deepEqual(camera.requests.map(({ path }) => path), ["/", "/stream"]);
});

for (
  const [what, answer, reason] of [
    ["has no /stream", (_, send) => send("HTTP/1.1 404 Not Found\r\n\r\n"), /it is a web page/],
    ["answers so everywhere", page, /it is a web page/],
    ["asks for a password", (_, send) => send("HTTP/1.1 401 Unauthorized\r\n\r\n"), /password/],
  ] as readonly [string, Answer, RegExp][]
) {
  Deno.test(`a page that ${what} is not asked again and again`, async () => {
    await using camera = new HttpCamera((request, send) =>
      (request.path === "/" ? page : answer)(request, send)
    );
    await using probe = await new SwitcherProbe({ source: `http://${camera.host}/` }).start();
    await probe.until("failure", () => /^Cannot/.test(probe.reason ?? ""), 15_000);
    assert.match(probe.reason!, reason);
    assert.ok(camera.requests.length <= 4, JSON.stringify(camera.requests.map(({ path }) => path)));
  });
}
