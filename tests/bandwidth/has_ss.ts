/** Whether this machine has `ss` of iproute2, and tests may run it. */
export const hasSs = await (async () => {
  try {
    const options = { args: ["-V"], stdout: "null", stderr: "null" } as const;
    return (await new Deno.Command("ss", options).output()).success;
  } catch {
    return false;
  }
})();
