import assert from "node:assert/strict";
import { isOrigin } from "../src/origin.ts";

for (
  const origin of [
    "https://example.com",
    "http://10.0.0.5:8123",
    "http://[fd00::1]:8080",
    "http://home_assistant:8123",
    "https://xn--bcher-kva.example",
  ]
) {
  Deno.test(`${origin} is an origin`, () => assert(isOrigin(origin)));
}

for (
  const text of [
    "",
    "null",
    "https://example.com/",
    "https://EXAMPLE.com",
    "https://example.com:443",
    "ftp://example.com",
    "http://a;reboot",
    "http://$(reboot)",
    "http://`reboot`",
    "http://a'b",
    "http://*",
    "http://a b",
    "http://me@example.com",
  ]
) {
  Deno.test(`"${text}" is no origin`, () => assert(!isOrigin(text)));
}
