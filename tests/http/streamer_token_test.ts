import assert from "node:assert/strict";
import { StreamerToken } from "../../src/http/streamer_token.ts";

function locked(count: number) {
  const clock = { now: 0 };
  const token = new StreamerToken({ token: "right", now: () => clock.now });
  for (let i = 0; i < count; i++) token.check("wrong", "10.0.0.1");
  return { token, clock };
}

Deno.test("streamer token lets the right one in, and no part or extension of it", () => {
  const { token } = locked(0);
  assert.deepEqual(token.check("right", "10.0.0.1"), { isRight: true });
  for (const wrong of ["", "righ", "right ", "rightt", "RIGHT"]) {
    assert.equal(token.check(wrong, `10.0.0.${wrong.length}`).isRight, false, wrong);
  }
});

Deno.test("streamer token locks an address out after five wrong ones, and no other", () => {
  const { token } = locked(5);
  const verdict = token.check("right", "10.0.0.1");
  assert(!verdict.isRight);
  assert.equal(verdict.retryAfter, 600);
  assert.equal(token.check("right", "10.0.0.2").isRight, true);
});

Deno.test("streamer token lets a locked address try again after ten minutes", () => {
  const { token, clock } = locked(5);
  clock.now = 599_999;
  assert.equal(token.check("right", "10.0.0.1").isRight, false);
  clock.now = 600_000;
  assert.equal(token.check("right", "10.0.0.1").isRight, true);
});

Deno.test("streamer token forgets four wrong ones once the right one comes", () => {
  const { token } = locked(4);
  assert.equal(token.check("right", "10.0.0.1").isRight, true);
  for (let i = 0; i < 4; i++) token.check("wrong", "10.0.0.1");
  assert.equal(token.check("right", "10.0.0.1").isRight, true);
});

Deno.test("streamer token does not lengthen a lock by what is tried meanwhile", () => {
  const { token, clock } = locked(5);
  clock.now = 300_000;
  for (let i = 0; i < 50; i++) token.check("wrong", "10.0.0.1");
  clock.now = 600_000;
  assert.equal(token.check("right", "10.0.0.1").isRight, true);
});
