import assert from "node:assert/strict";
import { TabToken } from "../../../static/js/studio/token.js";

function setUp(kept = new Map<string, string>(), path = "/studio") {
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  const addresses: unknown[] = [];
  const history = {
    state: "as it was",
    replaceState: (...args: unknown[]) => void addresses.push(args),
  };
  return { token: new TabToken(storage, path), addresses, history };
}

const at = (hash: string) => ({ hash, pathname: "/studio", search: "?a=1" });

Deno.test("studio token is removed from the address, and the rest stays", () => {
  const { token, addresses, history } = setUp();
  assert.equal(token.take(at("#abc-123_defg"), history), "abc-123_defg");
  assert.deepEqual(addresses, [["as it was", "", "/studio?a=1"]]);
});

Deno.test("studio token is the kept one if the address has none", () => {
  const { token, addresses, history } = setUp();
  assert.equal(token.take(at(""), history), null);
  token.keep("kept");
  assert.equal(token.take(at(""), history), "kept");
  assert.equal(token.take(at("#"), history), "kept");
  assert.equal(token.take(at("#another-token"), history), "another-token");
  token.forget();
  assert.equal(token.take(at(""), history), null);
  assert.equal(addresses.length, 1);
});

Deno.test("studio token is separate for each server on a host name", () => {
  const kept = new Map<string, string>();
  const front = setUp(kept, "/front/studio");
  front.token.keep("of the front door");
  const back = setUp(kept, "/back/studio");
  assert.equal(back.token.take(at(""), back.history), null);
  assert.equal(front.token.take(at(""), front.history), "of the front door");
});

Deno.test("studio token is none of the fragments that the page itself links to", async () => {
  const page = await Deno.readTextFile(new URL("../../../static/studio.html", import.meta.url));
  const links = Array.from(page.matchAll(/href="(#[\w-]+)"/g), ([, link]) => link)
    .filter((link) => !link.startsWith("#icon-"));
  assert(links.includes("#chat") && links.includes("#on-air"), links.join());
  for (const link of links) {
    const { token, addresses, history } = setUp();
    token.keep("the-kept-token");
    assert.equal(token.take(at(link), history), "the-kept-token", link);
    assert.deepEqual(addresses, [], "the address stays");
  }
});
