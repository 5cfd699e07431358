/** Backslash escapes of one character (systemd.syntax(7), "Quoting"). */
const ESCAPES: Readonly<Record<string, string>> = {
  ...{ a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" },
  ...{ "\\": "\\", '"': '"', "'": "'", s: " " },
};

/** The values of a setting of a unit, its lines joined (systemd.syntax(7), "Introduction"). */
export function valuesOf(unit: string, name: string): string[] {
  const lines = unit.replaceAll("\\\n", " ").split("\n");
  return lines.filter((line) => line.startsWith(`${name}=`)).map((line) =>
    line.slice(name.length + 1)
  );
}

/** What systemd takes a setting's value for, word by word; `$` means something to commands only. */
export function wordsOf(value: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote = "";
  for (let at = 0; at < value.length; at++) {
    const character = value[at];
    if (character === "\\") {
      const [escape, hex, short, long, octal, one = ""] =
        /^\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([0-7]{3})|(.))/s
          .exec(value.slice(at)) ?? [];
      if (escape === undefined) throw new Error("A backslash ends the value");
      const digits = hex ?? short ?? long;
      const text = digits !== undefined
        ? String.fromCodePoint(parseInt(digits, 16))
        : octal !== undefined
        ? String.fromCodePoint(parseInt(octal, 8))
        : ESCAPES[one];
      if (text === undefined) throw new Error(`No such escape: ${escape}`);
      word = (word ?? "") + text;
      at += escape.length - 1;
    } else if (quote !== "") {
      if (character === quote) quote = "";
      else word += character;
    } else if (/["']/.test(character) && word === null) {
      quote = character;
      word = "";
    } else if (/\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? "") + character;
  }
  if (quote !== "") throw new Error("A quote is not closed");
  if (word !== null) words.push(word);
  return words.map((each) =>
    each.replace(/%(.)?/gs, (_, specifier) => {
      if (specifier !== "%") throw new Error(`A specifier: %${specifier}`);
      return "%";
    })
  );
}

/** The command line that a unit starts (systemd.service(5), "Command lines"). */
export function commandOf(unit: string, env: Readonly<Record<string, string>> = {}): string[] {
  const [line] = valuesOf(unit, "ExecStart");
  return wordsOf(line).map((word, index) =>
    index === 0 ? word : word.replace(/\$(\$|\{(\w+)\}|\w*)/g, (whole, rest, name) => {
      if (rest === "$") return "$";
      if (name === undefined || env[name] === undefined) throw new Error(`A variable: ${whole}`);
      return env[name];
    })
  );
}
