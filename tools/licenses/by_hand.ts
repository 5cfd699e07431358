/** A licence found by hand. */
export interface License {
  /** The SPDX identifier. */
  readonly license: string;
  /** Files with notices and text: from the project's folder, or with `package:` from the npm package. */
  readonly files: readonly string[];
}

/** Software in the executable that is no npm package. */
export interface Component extends License {
  /** Names, with versions where they are known. */
  readonly names: readonly string[];
  /** What else its licence, or the reader, asks for. */
  readonly note?: string;
}

const OWN = "tools/licenses/";

/**
 * npm packages with a choice of licences, or without a text of their own. An upgrade has to be checked
 * again, so the version belongs to the name.
 */
export const PACKAGES: Readonly<Record<string, License>> = {
  // States the licence, but has no text. The code is Deno's standard library.
  "deno-std 1.4.0": { license: "MIT", files: [`${OWN}deno.txt`, `${OWN}negotiator.txt`] },
  // AGPL-3.0-or-later or MIT: we choose MIT.
  "imagescript 1.3.1": { license: "MIT", files: ["package:LICENSE.MIT", "package:codecs/LICENSE"] },
};

/** What the executable contains besides npm packages and our own code. */
export const COMPONENTS: readonly Component[] = [
  {
    names: ["Deno's runtime"],
    license: "MIT",
    files: [`${OWN}deno.txt`],
    note:
      "`livestream --version` prints its version. It contains V8 (below), ICU, SQLite (public " +
      "domain) and the Rust libraries that the Cargo.lock of that version names " +
      "(https://github.com/denoland/deno), under their own licences, which are not listed here.",
  },
  { names: ["V8"], license: "BSD-3-Clause", files: [`${OWN}v8.txt`] },
  {
    names: ["DejaVu Sans 2.37"],
    license: "Bitstream-Vera",
    files: ["src/pictures/font.LICENSE.txt"],
  },
  {
    names: ["Unicode's confusables.txt 15.0"],
    license: "Unicode-DFS-2016",
    files: ["src/channel/confusables.LICENSE.txt"],
  },
  // static/js/sound/opus-decoder.min.js, a file of the npm package.
  { names: ["opus-decoder 0.7.12"], license: "MIT", files: [`${OWN}opus_decoder.txt`] },
  // static/js/hls/hls.light.min.js, a file of the npm package.
  {
    names: ["hls.js 1.7.4"],
    license: "Apache-2.0",
    files: [`${OWN}hls_js.txt`, `${OWN}apache_2.0.txt`],
  },
  inOpusDecoder("MIT", "simple_yenc.txt", "simple-yenc 1.0.4"),
  inOpusDecoder("BSD-3-Clause", "libopus.txt", "libopus"),
  inOpusDecoder("Zlib", "puff.txt", "puff 2.3"),
  // ImageScript's jpeg.wasm and svg.wasm name these Rust libraries (after "registry/src"); font.wasm
  // names none, but its functions are those of fontdue. Of several licences, one was chosen.
  {
    ...inImageScript("MPL-2.0", "mpl_2.0.txt", "resvg 0.13.1", "svgfilters 0.2.0", "usvg 0.13.1"),
    note: "In ImageScript, unmodified. The source is at https://crates.io/crates/resvg/0.13.1, " +
      "https://crates.io/crates/svgfilters/0.2.0 and https://crates.io/crates/usvg/0.13.1.",
  },
  inImageScript(
    "Apache-2.0",
    "apache_2.0.txt",
    "arrayvec 0.5.2",
    "data-url 0.1.0",
    "flate2 1.0.19",
    "fontdue",
    "hashbrown 0.11.0",
    "jpeg-decoder 0.1.20",
    "jpeg-decoder 0.1.22",
    "kurbo 0.7.1",
    "png 0.16.7",
    "roxmltree 0.13.0",
    "Rust's standard library",
    "simplecss 0.2.0",
    "svgtypes 0.5.0",
    "ttf-parser",
    "xmlparser 0.13.3",
  ),
  inImageScript("BSD-3-Clause", "tiny_skia.txt", "tiny-skia 0.4.2"),
  inImageScript("MIT", "image.txt", "image 0.23.13"),
  inImageScript("MIT", "miniz_oxide.txt", "miniz_oxide 0.3.7", "miniz_oxide 0.4.3"),
  inImageScript("MIT", "rctree.txt", "rctree 0.3.3"),
  inImageScript("Zlib", "adler32.txt", "adler32 1.2.0"),
  inImageScript("Zlib", "bytemuck.txt", "bytemuck 1.4.1"),
];

function inImageScript(license: string, file: string, ...names: string[]): Component {
  return { names, license, files: [OWN + file], note: "In ImageScript." };
}

function inOpusDecoder(license: string, file: string, name: string): Component {
  return { names: [name], license, files: [OWN + file], note: "In opus-decoder." };
}
