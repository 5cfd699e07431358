import assert from "node:assert/strict";
import { HttpCamera, playClip, redirectTo } from "../../../support/http_camera.ts";
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
