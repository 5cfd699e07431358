// Does nothing: compiled, it is as large as Deno's runtime (tests/compiled/size_test.ts).
