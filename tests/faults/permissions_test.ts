import { testConfinement } from "../support/confinement.ts";
import { productPermissions } from "../support/permissions.ts";

const PROGRAM = new URL("../support/infiltrated_program.ts", import.meta.url).pathname;
const FLAGS = ["run", "--quiet", "--no-check", ...await productPermissions()];

// Threads started later load their files, so read permission is kept.
testConfinement(
  "the program run from source",
  () => ({ program: Deno.execPath(), args: [...FLAGS, PROGRAM] }),
  true,
);
