import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { tokenProtocol } from "../../../static/js/studio/socket_token.js";

Deno.test("tokenProtocol is a valid subprotocol that carries the token", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (token) => {
    const protocol = tokenProtocol(token);
    assert.match(protocol, /^token\.[\w-]+$/);
    const decoded = Buffer.from(protocol.slice("token.".length), "base64url").toString();
    assert.equal(decoded, token.toWellFormed());
  }));
});
