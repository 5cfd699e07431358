/** Returns the children of a process whose command line matches. */
export async function childrenRunning(pid: number, command: RegExp): Promise<number[]> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-o", "pid=,args=", "--ppid", String(pid)],
  }).output();
  const lines = new TextDecoder().decode(stdout).split("\n");
  return lines.filter((line) => command.test(line)).map((line) => Number.parseInt(line));
}
