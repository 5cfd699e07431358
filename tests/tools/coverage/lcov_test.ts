import assert from "node:assert/strict";
import { coverageByFolder, readLcov } from "../../../tools/coverage/lcov.ts";

Deno.test("readLcov reads how many lines of each file ran", () => {
  const text = "SF:/a/b.ts\nFN:1,f\nFNF:1\nDA:1,3\nDA:2,0\nLH:1\nLF:2\nend_of_record\n" +
    "SF:/c.ts\nLH:0\nLF:7\nend_of_record\n";
  assert.deepEqual(readLcov(text), [
    { path: "/a/b.ts", found: 2, hit: 1 },
    { path: "/c.ts", found: 7, hit: 0 },
  ]);
  assert.deepEqual(readLcov(""), []);
});

Deno.test("coverageByFolder adds up each folder with those inside, and all", () => {
  const files = [
    { path: "src/http/a.ts", found: 10, hit: 5 },
    { path: "src/http/routes/b.ts", found: 10, hit: 10 },
    { path: "src/app.ts", found: 3, hit: 1 },
    { path: "main.ts", found: 4, hit: 0 },
  ];
  assert.deepEqual(coverageByFolder(files), [
    { folder: ".", found: 4, hit: 0 },
    { folder: "src", found: 3, hit: 1 },
    { folder: "src/http", found: 20, hit: 15 },
    { folder: "total", found: 27, hit: 16 },
  ]);
});
