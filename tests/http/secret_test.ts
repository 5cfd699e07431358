import assert from "node:assert/strict";
import { Secret } from "../../src/http/secret.ts";

const reasons = { wrong: "No", locked: "Later" };

function tried(count: number) {
  const clock = { now: 0 };
  const secret = new Secret({ secret: "right", reasons, now: () => clock.now });
  for (let i = 0; i < count; i++) secret.check("wrong", "10.0.0.1");
  return { secret, clock };
}

Deno.test("secret lets the right one in, and no part or extension of it", () => {
  const { secret } = tried(0);
  assert.deepEqual(secret.check("right", "10.0.0.1"), { isRight: true });
  for (const wrong of ["", "righ", "right ", "rightt", "RIGHT"]) {
    assert.equal(secret.check(wrong, `10.0.0.${wrong.length}`).isRight, false, wrong);
  }
});

Deno.test("secret says why not, and how many tries are left", () => {
  const { secret } = tried(3);
  const wrong = (triesLeft: number) => ({ isRight: false, reason: "No", triesLeft });
  assert.deepEqual(secret.check("wrong", "10.0.0.1"), wrong(1));
  assert.deepEqual(secret.check("wrong", "10.0.0.1"), wrong(0));
  assert.deepEqual(secret.check("wrong", "10.0.0.1"), {
    isRight: false,
    reason: "Later",
    triesLeft: 0,
    retryAfter: 600,
  });
});

Deno.test("secret locks an address out after five wrong ones, and no other", () => {
  const { secret } = tried(5);
  const verdict = secret.check("right", "10.0.0.1");
  assert(!verdict.isRight);
  assert.equal(verdict.retryAfter, 600);
  assert.equal(secret.check("right", "10.0.0.2").isRight, true);
});

Deno.test("secret locks out who tries from many addresses of their IPv6 network", () => {
  const { secret } = tried(0);
  for (let i = 1; i <= 5; i++) secret.check("guess", `2001:db8::${i}`);
  assert.equal(secret.check("right", "2001:db8::6").isRight, false);
  assert.equal(secret.check("right", "2001:db8:0:1::6").isRight, true);
});

Deno.test("secret lets a locked address try again after ten minutes", () => {
  const { secret, clock } = tried(5);
  clock.now = 599_999;
  assert.equal(secret.check("right", "10.0.0.1").isRight, false);
  clock.now = 600_000;
  assert.equal(secret.check("right", "10.0.0.1").isRight, true);
});

Deno.test("secret forgets four wrong ones once the right one comes", () => {
  const { secret } = tried(4);
  assert.equal(secret.check("right", "10.0.0.1").isRight, true);
  for (let i = 0; i < 4; i++) secret.check("wrong", "10.0.0.1");
  assert.equal(secret.check("right", "10.0.0.1").isRight, true);
});

Deno.test("secret does not lengthen a lock by what is tried meanwhile", () => {
  const { secret, clock } = tried(5);
  clock.now = 300_000;
  for (let i = 0; i < 50; i++) secret.check("wrong", "10.0.0.1");
  clock.now = 600_000;
  assert.equal(secret.check("right", "10.0.0.1").isRight, true);
});
