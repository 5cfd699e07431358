import assert from "node:assert/strict";
import { parseHttpUrl } from "../../src/net/http_url.ts";

Deno.test("requests can be sent to a name or an IPv4 address, by HTTP and HTTPS", () => {
  for (const text of ["http://10.0.0.1:8080/a?b", "https://me:50%25off@example.com/live/"]) {
    assert.equal(parseHttpUrl(text)?.href, text);
  }
});

Deno.test("nothing else is an address for requests", () => {
  const others = ["", "example.com", "ftp://example.com/", "https://[::1]/"];
  for (const text of [...others, "https://me:50%off@example.com/live/"]) {
    assert.equal(parseHttpUrl(text), null, text);
  }
});
