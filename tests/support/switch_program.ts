/** Starts a child that reads what it is given, stops it, prints its process id, and runs on. */
import { GuardedChild } from "../../src/child_process/guarded_child.ts";

const child = new GuardedChild({
  ...{ program: "sh", args: ["-c", "echo $$; exec cat"], hasInput: true },
  onOutput(chunk) {
    const pid = Number(new TextDecoder().decode(chunk));
    Deno.kill(pid, "SIGSTOP");
    Deno.stdout.writeSync(new TextEncoder().encode(`${pid}\n`));
  },
  onErrorOutput: () => {},
  log: { debug: () => {} },
});
setInterval(() => child.write(new Uint8Array(10)), 100);
