import { testConfinement } from "../support/confinement.ts";
import { productPermissions } from "../support/permissions.ts";

const PROGRAM = new URL("../support/infiltrated_program.ts", import.meta.url).pathname;
const FLAGS = ["run", "--quiet", "--no-check", ...await productPermissions()];

// Threads that are started later are read from their file, so it may go on reading.
testConfinement(
  "the program run from source",
  () => ({ program: Deno.execPath(), args: [...FLAGS, PROGRAM] }),
  true,
);
