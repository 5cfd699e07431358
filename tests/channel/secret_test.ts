import assert from "node:assert/strict";
import fc from "fast-check";
import { type Guesser, Secret } from "../../src/channel/secret.ts";
import { Networks } from "../../src/net/networks.ts";

const reasons = { wrong: "wrong-token", locked: "too-many-tokens" } as const;
const LOCKED = { isRight: false, code: "too-many-tokens", triesLeft: 0, retryAfter: 600 } as const;

const networks = new Networks({
  interfaces: () => [{ family: "IPv6", cidr: "2001:db8:1:2::20/64" }],
  clock: { monotonic: () => 0 },
});

/** Who tries from an address, with a cookie or without. */
function from(address: string, session: string | null = null): Guesser {
  return { ...networks.guessKeys(address, false), session };
}

const relayed: Guesser = { ...networks.guessKeys("127.0.0.1", true), session: null };

function create(isRandom = false) {
  const clock = { now: 0 };
  return {
    clock,
    secret: new Secret({
      secret: "right",
      reasons,
      isRandom,
      clock: { monotonic: () => clock.now },
    }),
  };
}

function tried(count: number, guesser = from("10.0.0.1"), isRandom = false) {
  const created = create(isRandom);
  for (let i = 0; i < count; i++) created.secret.check("wrong", guesser);
  return created;
}

Deno.test("secret lets the right one in, and no part or extension of it", () => {
  const { secret } = create();
  assert.deepEqual(secret.check("right", from("10.0.0.1")), { isRight: true });
  for (const wrong of ["", "righ", "right ", "rightt", "RIGHT"]) {
    assert.equal(secret.check(wrong, from(`10.0.0.${wrong.length}`)).isRight, false, wrong);
  }
});

Deno.test("secret says why not, and how many tries are left", () => {
  const { secret } = tried(3);
  const wrong = (triesLeft: number) => ({ isRight: false, code: "wrong-token", triesLeft });
  assert.deepEqual(secret.check("wrong", from("10.0.0.1")), wrong(1));
  assert.deepEqual(secret.check("wrong", from("10.0.0.1")), wrong(0));
  assert.deepEqual(secret.check("wrong", from("10.0.0.1")), LOCKED);
});

Deno.test("secret locks an address out after five wrong ones, and no other", () => {
  const { secret } = tried(5);
  assert.deepEqual(secret.check("right", from("10.0.0.1")), LOCKED);
  assert.equal(secret.check("right", from("10.0.0.2")).isRight, true);
});

Deno.test("secret locks out who tries from many addresses of their IPv6 network", () => {
  const { secret } = create();
  for (let i = 1; i <= 5; i++) secret.check("guess", from(`2001:db8::${i}`));
  assert.deepEqual(secret.check("right", from("2001:db8::6")), LOCKED);
  assert.equal(secret.check("right", from("2001:db8:0:1::6")).isRight, true);
});

for (const network of ["fe80:0:0:0", "2001:db8:1:2"]) {
  Deno.test(`secret locks out one device of this machine's network ${network}, and no other`, () => {
    const { secret } = tried(5, from(`${network}::7`));
    assert.deepEqual(secret.check("right", from(`${network}::7`)), LOCKED);
    assert.equal(secret.check("right", from(`${network}::8`)).isRight, true);
  });
}

Deno.test("secret slows down guesses from ever new addresses of this machine's network", () => {
  const { clock, secret } = create();
  let looked = 0;
  for (let i = 0; i < 1_000; i++) {
    const verdict = secret.check("wrong", from(`fe80::${i.toString(16)}`));
    if (!verdict.isRight && verdict.code === "wrong-token") looked++;
  }
  assert.equal(looked, 51);
  // Others there wait ten seconds, not ten minutes.
  assert.deepEqual(secret.check("right", from("fe80::ffff")), { ...LOCKED, retryAfter: 10 });
  clock.now = 10_000;
  assert.equal(secret.check("right", from("fe80::ffff")).isRight, true);
});

Deno.test("secret slows down guesses from ever new /64s of one /48", () => {
  const { secret } = create();
  let looked = 0;
  for (let i = 0; i < 1_000; i++) {
    const verdict = secret.check("wrong", from(`2001:db8:9:${i.toString(16)}::1`));
    if (!verdict.isRight && verdict.code === "wrong-token") looked++;
  }
  assert.equal(looked, 51);
  assert.equal(secret.check("right", from("2001:db8:a::1")).isRight, true);
});

Deno.test("secret locks out nobody on this machine, but looks at one try in ten seconds", () => {
  const { clock, secret } = tried(4, from("::1"));
  const wrong = { isRight: false, code: "wrong-token", triesLeft: 0, retryAfter: 10 };
  assert.deepEqual(secret.check("wrong", from("127.0.0.1")), wrong);
  assert.equal(secret.check("right", from("127.0.0.1")).isRight, true);
  assert.deepEqual(secret.check("right", from("127.0.0.1")), { ...LOCKED, retryAfter: 10 });
  clock.now = 9_999;
  assert.equal(secret.check("right", from("127.0.0.1")).isRight, false);
  clock.now = 10_000;
  assert.equal(secret.check("right", from("127.0.0.1")).isRight, true);
});

Deno.test("secret counts what a proxy on this machine passes on apart from this machine", () => {
  const { secret } = tried(100, relayed);
  assert.deepEqual(secret.check("right", relayed), LOCKED);
  assert.equal(secret.check("right", from("127.0.0.1")).isRight, true);
  assert.equal(secret.check("right", from("::1")).isRight, true);
});

Deno.test("secret gives a browser that proved it a count of its own, at any address", () => {
  const { secret } = create();
  const streamer = from("10.0.0.1", "the streamer's");
  assert.equal(secret.wasGivenBy(streamer), false);
  assert.equal(secret.check("right", streamer).isRight, true);
  assert.equal(secret.wasGivenBy(streamer), true);
  assert.equal(secret.wasGivenBy(from("10.0.0.1")), false);
  for (let i = 0; i < 5; i++) secret.check("wrong", from("10.0.0.1", "someone's"));
  assert.deepEqual(secret.check("right", from("10.0.0.1", "someone's")), LOCKED);
  assert.equal(secret.check("right", streamer).isRight, true);
  // It may guess no more than others: the token may be another one by now.
  for (let i = 0; i < 5; i++) secret.check("wrong", streamer);
  assert.deepEqual(secret.check("right", streamer), LOCKED);
  assert.deepEqual(secret.check("right", from("10.0.0.9", "the streamer's")), LOCKED);
});

Deno.test("a secret that nobody can guess is accepted during a lockout, too", () => {
  for (const guesser of [from("10.0.0.1"), from("::1"), relayed, from("2001:db8::1")]) {
    const { secret } = tried(100, guesser, true);
    assert.equal(secret.check("wrong", guesser).isRight, false);
    assert.equal(secret.check("right", guesser).isRight, true);
  }
});

Deno.test("secret lets a locked address try again after ten minutes", () => {
  const { secret, clock } = tried(5);
  clock.now = 599_999;
  assert.equal(secret.check("right", from("10.0.0.1")).isRight, false);
  clock.now = 600_000;
  assert.equal(secret.check("right", from("10.0.0.1")).isRight, true);
});

Deno.test("secret forgets four wrong ones once the right one comes", () => {
  const { secret } = tried(4);
  assert.equal(secret.check("right", from("10.0.0.1")).isRight, true);
  for (let i = 0; i < 4; i++) secret.check("wrong", from("10.0.0.1"));
  assert.equal(secret.check("right", from("10.0.0.1")).isRight, true);
});

Deno.test("secret does not lengthen a lock by what is tried meanwhile", () => {
  const { secret, clock } = tried(5);
  clock.now = 300_000;
  for (let i = 0; i < 50; i++) secret.check("wrong", from("10.0.0.1"));
  clock.now = 600_000;
  assert.equal(secret.check("right", from("10.0.0.1")).isRight, true);
});

const hex = fc.integer({ min: 0, max: 0xffff }).map((n) => n.toString(16));
const attackers = fc.oneof(
  fc.ipV4().filter((address) => !address.startsWith("127.")).map((address) => from(address)),
  hex.map((it) => from(`fe80::${it}`)),
  hex.map((it) => from(`2001:db8:1:2::${it}`)),
  fc.tuple(hex, hex).map(([net, host]) => from(`2001:db8:77:${net}::${host}`)),
  fc.constant(relayed),
);

Deno.test("secret is right for a device of this machine's network whatever few others try", () => {
  fc.assert(fc.property(fc.array(attackers, { maxLength: 49 }), (guessers) => {
    const { secret } = create();
    for (const guesser of guessers) secret.check("wrong", guesser);
    assert.equal(secret.check("right", from("fe80::1:1")).isRight, true);
    assert.equal(secret.check("right", from("127.0.0.1")).isRight, true);
  }));
});

Deno.test("secret looks at no more than five wrong tries of a sender in ten minutes", () => {
  fc.assert(fc.property(fc.array(attackers, { maxLength: 300 }), (guessers) => {
    const { secret } = create();
    const looked = new Map<string, number>();
    for (const guesser of guessers) {
      const verdict = secret.check("wrong", guesser);
      if (verdict.isRight || verdict.code !== "wrong-token") continue;
      looked.set(guesser.own!, (looked.get(guesser.own!) ?? 0) + 1);
    }
    for (const count of looked.values()) assert(count <= 5);
  }));
});
