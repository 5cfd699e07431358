import { renderUnicodeCompact } from "uqr";

/**
 * Returns the rows of a QR code for a terminal, or `null` if they are wider than this many columns.
 *
 * @param columns The width of the terminal, less the indentation.
 */
export function renderQrCode(text: string, columns: number): string[] | null {
  // A quiet zone of two modules scans well; the standard's four costs height on small terminals.
  const rows = renderUnicodeCompact(text, { border: 2 }).split("\n");
  if ((rows[0]?.length ?? 0) > columns) return null;
  // White on black by escape codes: a light terminal would show the code with its colours swapped,
  // which many phones cannot read.
  return rows.map((row) => `\x1b[38;5;231;48;5;16m${row}\x1b[0m`);
}
