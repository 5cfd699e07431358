/**
 * Returns a word as systemd reads it back in any setting (systemd.syntax(7), "Quoting"; specifiers,
 * systemd.unit(5)): quoted, so that a space, a comment, a semicolon or a line end means nothing.
 */
export function systemdWord(text: string): string {
  const escaped = text.replace(/["\\%]|\p{Cc}/gu, (character) => {
    if (character === "%") return "%%";
    if (character === '"' || character === "\\") return `\\${character}`;
    const code = character.codePointAt(0) ?? 0;
    return code < 0x80 ? hex(code, "\\x", 2) : hex(code, "\\u", 4);
  });
  return /^[\w./:=,@+-]+$/.test(escaped) ? escaped : `"${escaped}"`;
}

/** Returns an argument of a command line, in which a dollar sign has a meaning too (systemd.service(5)). */
export function systemdArgument(text: string): string {
  return systemdWord(text).replaceAll("$", "$$$$");
}

function hex(code: number, prefix: string, digits: number): string {
  return prefix + code.toString(16).padStart(digits, "0");
}
