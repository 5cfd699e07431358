/**
 * Returns whether a process runs. A zombie does not: it stays in `/proc` until its parent asks for
 * its status, or process 1 if its parent is gone, which takes seconds on some systems.
 */
export async function isRunning(pid: number): Promise<boolean> {
  const state = Deno.build.os === "linux" ? await stateInProc(pid) : await stateByPs(pid);
  return state !== "" && !/^[ZX]/.test(state);
}

/** Without starting a program, as tests that need nothing but Deno may have no `ps`. */
async function stateInProc(pid: number): Promise<string> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => "");
  // The name before it is in brackets and may contain some.
  return stat.slice(stat.lastIndexOf(")") + 1).trim();
}

async function stateByPs(pid: number): Promise<string> {
  const ps = new Deno.Command("ps", { args: ["-o", "stat=", "-p", String(pid)] });
  return new TextDecoder().decode((await ps.output()).stdout).trim();
}
