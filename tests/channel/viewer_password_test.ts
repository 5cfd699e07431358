import assert from "node:assert/strict";
import { ViewerPassword } from "../../src/channel/viewer_password.ts";

/** Who enters the password. */
const SOMEONE = { own: "10.0.0.1", shared: null, session: null };

function create(password: string): ViewerPassword {
  return new ViewerPassword({ password, kept: new Uint8Array(32).fill(7) });
}

Deno.test("viewer password is the same however its letters are composed", () => {
  const password = create("caf\u00e9 society");
  assert(password.check("cafe\u0301 society", SOMEONE).isRight);
});

Deno.test("viewer password takes no longer for many marks on a letter", () => {
  const password = create("open sesame");
  const start = performance.now();
  assert(!password.check("a" + "\u0315\u0323".repeat(8_000), SOMEONE).isRight);
  assert(performance.now() - start < 50, `${performance.now() - start} ms`);
  const long = create("é".repeat(2_000));
  assert(long.check("é".repeat(2_000), SOMEONE).isRight);
});
