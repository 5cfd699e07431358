import assert from "node:assert/strict";
import { chooseData, defaultDataPath } from "../../src/store/data_path.ts";
import { temporaryFolder } from "./temporary_folder.ts";

type Variables = Readonly<Record<string, string>>;

const environment = (variables: Variables) => ({ get: (name: string) => variables[name] });

for (
  const [os, variables, path] of [
    ["linux", { HOME: "/home/ann" }, "/home/ann/.local/share/livestream/livestream.db"],
    ["linux", { HOME: "/home/ann", XDG_DATA_HOME: "/data" }, "/data/livestream/livestream.db"],
    ["linux", { XDG_DATA_HOME: "/data" }, "/data/livestream/livestream.db"],
    ["linux", { HOME: "/h", XDG_DATA_HOME: "data" }, "/h/.local/share/livestream/livestream.db"],
    ["linux", { HOME: "/h", XDG_DATA_HOME: "" }, "/h/.local/share/livestream/livestream.db"],
    ["freebsd", { HOME: "/h", XDG_DATA_HOME: "/data" }, "/data/livestream/livestream.db"],
    [
      "darwin",
      { HOME: "/Users/ann", XDG_DATA_HOME: "/data" },
      "/Users/ann/Library/Application Support/livestream/livestream.db",
    ],
    [
      "windows",
      { HOME: "/c", LOCALAPPDATA: "C:\\Users\\ann\\AppData\\Local" },
      "C:\\Users\\ann\\AppData\\Local\\livestream\\livestream.db",
    ],
  ] as const
) {
  Deno.test(`defaultDataPath on ${os} with ${JSON.stringify(variables)}`, () => {
    assert.equal(defaultDataPath(environment(variables), os), path);
  });
}

Deno.test("defaultDataPath gives an additional server its own file, by its port", () => {
  const ann = environment({ HOME: "/home/ann", LOCALAPPDATA: "C:\\ann" });
  assert.deepEqual(["linux", "windows"].map((os) => defaultDataPath(ann, os, 9000)), [
    "/home/ann/.local/share/livestream/livestream-9000.db",
    "C:\\ann\\livestream\\livestream-9000.db",
  ]);
});

Deno.test("chooseData prefers a server's own file once there is one", () => {
  using folder = temporaryFolder();
  const [common, own] = ["livestream.db", "livestream-9000.db"].map((name) =>
    `${folder.path}/${name}`
  );
  Deno.writeTextFileSync(common, "");
  assert.deepEqual([chooseData(common, null), chooseData(common, own)], [common, common]);
  Deno.writeTextFileSync(own, "");
  assert.deepEqual([chooseData(common, null), chooseData(common, own)], [common, own]);
});

for (const [os, variable] of [["linux", "HOME"], ["darwin", "HOME"], ["windows", "LOCALAPPDATA"]]) {
  Deno.test(`defaultDataPath on ${os} without ${variable} says what to do`, () => {
    assert.throws(() => defaultDataPath(environment({}), os), {
      name: "UserError",
      message: `No place for the data file: ${variable} is not set. ` +
        "Choose a file with --data, or save nothing with --data=:memory:",
    });
  });
}
