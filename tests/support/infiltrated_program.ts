/**
 * The program with an intruder in its process: `main.ts` unchanged, and code that executes each
 * line on standard input as a command and prints its result on standard output.
 *
 * `try ORIGIN`: tries what the program may not do; ORIGIN is another server's.
 * `kill workers`: makes each worker thread appear to have died.
 * `stand still`: blocks the main thread forever.
 */
const LINES = Deno.stdin.readable.pipeThrough(new TextDecoderStream());

/** Replaces the watchdog's 20 s. */
const WATCHDOG_LIMIT_MS = 5_000;

const workers: Worker[] = [];
globalThis.Worker = class extends Worker {
  constructor(...args: ConstructorParameters<typeof Worker>) {
    super(...args);
    workers.push(this);
  }

  override postMessage(message: unknown, ...rest: unknown[]): void {
    const isForWatchdog = typeof message === "object" && message !== null && "limitMs" in message;
    const changed = isForWatchdog ? { ...message, limitMs: WATCHDOG_LIMIT_MS } : message;
    Reflect.apply(super.postMessage, this, [changed, ...rest]);
  }
};

async function outcomeOf(attempt: () => unknown): Promise<string> {
  try {
    await attempt();
    return "done";
  } catch (error) {
    return (error as Error).name;
  }
}

async function openWebSocket(origin: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = new WebSocket(origin.replace("http", "ws"));
  socket.onopen = () => resolve();
  socket.onerror = () => reject(new Error("No WebSocket"));
  await promise;
}

function attempts(origin: string): Record<string, () => unknown> {
  const { hostname, port } = new URL(origin);
  const own = new URL(import.meta.url);
  const file = Deno.build.os === "windows" ? "C:\\Windows\\win.ini" : "/etc/passwd";
  const program = (name: string) => new Deno.Command(name, { args: ["--version"] }).output();
  return {
    "read a file": () => Deno.readTextFile(file),
    "read a file by way of Node": async () => (await import("node:fs")).readFileSync(file),
    "list a folder": () => Array.from(Deno.readDirSync("/")),
    "ask about a file": () => Deno.stat(file),
    "open another database": async () =>
      new (await import("node:sqlite")).DatabaseSync("intruder.db"),
    "write a file": () => Deno.writeTextFile("intruder", "was here"),
    "write beside recordings": () => Deno.writeTextFile("recordings/intruder", "was here"),
    "list recordings": () => Array.from(Deno.readDirSync("recordings")),
    "ask how much of a disk is free": async () => (await import("node:fs")).statfsSync("/"),
    "start a thread that may write": () =>
      new Worker("data:text/javascript,", {
        type: "module",
        deno: { permissions: { write: ["recordings"] } },
      }),
    "make a temporary file": () => Deno.makeTempFile(),
    "remove its own code": () => Deno.remove(own),
    "start a shell": () => program("sh"),
    "start a program by its path": () => program("/bin/sh"),
    "open a browser": () => program("xdg-open"),
    "start itself": () => program(Deno.execPath()),
    "fetch from another server": () => fetch(origin),
    "connect to another server": () => Deno.connect({ hostname, port: Number(port) }),
    "connect by way of Node": async () => {
      const { connect } = await import("node:net");
      await new Promise((resolve, reject) => {
        connect(Number(port), hostname, () => resolve(null)).on("error", reject);
      });
    },
    "open a WebSocket to another server": () => openWebSocket(origin),
    "look up a name": () => Deno.resolveDns("example.com", "A"),
    "listen elsewhere": () => Deno.listen({ hostname: "127.0.0.1", port: 0 }),
    "listen where it listens": () => Deno.listen({ hostname: "0.0.0.0", port: 0 }).close(),
    "read the environment": () => Deno.env.get("HOME"),
    "read all of the environment": () => Deno.env.toObject(),
    "read a setting": () => Deno.env.get("LIVESTREAM_ADMIN_TOKEN"),
    "set the environment": () => Deno.env.set("PATH", "/tmp"),
    "ask for the machine's name": () => Deno.hostname(),
    "ask who the user is": () => Deno.uid(),
  };
}

async function answer(line: string): Promise<unknown> {
  if (line === "kill workers") {
    const killed = workers.splice(0);
    for (const worker of killed) {
      worker.dispatchEvent(new ErrorEvent("error", { message: "killed", cancelable: true }));
    }
    return { killed: killed.length };
  }
  if (line === "stand still") {
    // After the answer is written.
    setTimeout(() => {
      for (;;);
    }, 0);
    return {};
  }
  const outcomes: Record<string, string> = {};
  for (const [what, attempt] of Object.entries(attempts(line.replace("try ", "")))) {
    outcomes[what] = await outcomeOf(attempt);
  }
  return outcomes;
}

async function obey(): Promise<void> {
  for await (const line of LINES) {
    const said = `intruder: ${JSON.stringify(await answer(line.trim()))}\n`;
    Deno.stdout.writeSync(new TextEncoder().encode(said));
  }
}

const _ = obey();
await import("../../main.ts");
