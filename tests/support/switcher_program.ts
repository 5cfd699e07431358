/**
 * A server that is nothing but a switcher, to be ended in every way:
 * `deno run switcher_program.ts SOURCE [crash]`. Says `live` when it is.
 */
import { createLogger } from "../../src/log/log.ts";
import { Switcher } from "../../src/producers/switcher.ts";
import { switcherOptions } from "./switcher_options.ts";

const [source, ending] = Deno.args;
const log = createLogger({ level: "error", format: "text" });
const switcher = new Switcher(switcherOptions({ source }, log));
switcher.events.on("state", ({ live }) => {
  if (!live) return;
  Deno.stdout.writeSync(new TextEncoder().encode("live\n"));
  if (ending === "crash") setTimeout(() => Promise.reject(new Error("crash")), 1_000);
});
await switcher.start();
