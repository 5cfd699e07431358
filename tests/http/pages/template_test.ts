import assert from "node:assert/strict";
import fc from "fast-check";
import { fillIn } from "../../../src/http/pages/template.ts";

Deno.test("template fills in text made safe, and HTML as it is", () => {
  const values = { text: { name: "<i>" }, html: { list: "<li>{{name}}</li>" } };
  assert.equal(
    fillIn("{{name}} {{ name }} {{{list}}} {{{name}}} {{list}} {{other}}", values),
    "&lt;i&gt; &lt;i&gt; <li>{{name}}</li> {{{name}}} {{list}} {{other}}",
  );
});

Deno.test("template never lets text become HTML, or names of objects values", () => {
  fc.assert(fc.property(fc.string(), (name) => {
    const filled = fillIn('<p title="{{name}}">{{toString}}</p>', { text: { name }, html: {} });
    assert.doesNotMatch(filled.slice('<p title="'.length, -'">{{toString}}</p>'.length), /[<>"]/);
    assert(filled.endsWith("{{toString}}</p>"));
  }));
});
