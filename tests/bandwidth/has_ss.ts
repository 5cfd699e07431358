/** Whether this machine has `ss` of iproute2, and tests may run it. */
export const hasSs = await (async () => {
  try {
    const options: Deno.CommandOptions = { args: ["-V"], stdout: "null", stderr: "null" };
    return (await new Deno.Command("ss", options).output()).success;
  } catch {
    return false;
  }
})();
