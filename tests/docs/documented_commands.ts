import { DOCUMENTS } from "./documents.ts";

/** Programs whose name begins a command within a sentence. */
const PROGRAMS =
  ("make|livestream|./livestream|sudo|apt|brew|winget|npm|git|docker|curl|ffmpeg|ffprobe|ffplay|vlc|" +
    "systemctl|systemd-analyze|journalctl|launchctl|while|nohup|ulimit|export").split("|");

/** Returns each distinct shell command on the pages, from blocks and from sentences. */
export function documentedCommands(): string[] {
  const text = [...DOCUMENTS.values()].join("\n");
  const blocks = [...text.matchAll(/^ *```(?:sh|bat)\n(.*?)^ *```/gms)].flatMap(([, block]) =>
    block.replaceAll(/\\\n\s*/g, "").trim().split(/\n */)
  );
  const inline = [...text.replaceAll(/^ *```.*?^ *```/gms, "").matchAll(/`([^`\n]+)`/g)]
    .map(([, code]) => code)
    .filter((code) => {
      const [program, ...rest] = code.replace(/^([A-Z_]+=\S+ )+/, "").split(" ");
      return PROGRAMS.includes(program) && rest.length > 0;
    });
  return [...new Set([...blocks, ...inline])];
}
