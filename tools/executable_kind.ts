const MACHINES = {
  elf: new Map([[62, "Linux x86_64"], [183, "Linux aarch64"]]),
  macho: new Map([[0x0100_0007, "macOS x86_64"], [0x0100_000c, "macOS aarch64"]]),
  pe: new Map([[0x8664, "Windows x86_64"]]),
};

/** Returns the system and processor that an executable was built for, as its header says. */
export async function executableKind(path: string): Promise<string> {
  const header = new DataView(await head(path, 4096));
  const [name, machine] = machineOf(header);
  return MACHINES[name as keyof typeof MACHINES]?.get(machine) ?? "an unknown system";
}

function machineOf(header: DataView): [format: string, machine: number] {
  // Shorter than any executable's header.
  if (header.byteLength < 64) return ["none", 0];
  if (header.getUint32(0) === 0x7f45_4c46) return ["elf", header.getUint16(18, true)];
  if (header.getUint32(0) === 0xcffa_edfe) return ["macho", header.getUint32(4, true)];
  const pe = header.getUint32(60, true);
  const isPe = header.getUint16(0) === 0x4d5a && pe + 6 <= header.byteLength &&
    header.getUint32(pe) === 0x5045_0000;
  return isPe ? ["pe", header.getUint16(pe + 4, true)] : ["none", 0];
}

async function head(path: string, bytes: number): Promise<ArrayBuffer> {
  using file = await Deno.open(path);
  const buffer = new Uint8Array(bytes);
  return buffer.slice(0, await file.read(buffer) ?? 0).buffer;
}
