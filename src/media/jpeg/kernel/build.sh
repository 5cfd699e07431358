#!/bin/sh
# Compiles the C files to ../kernel.wasm; needs clang and lld, any version that knows WebAssembly and its SIMD. On
# x64, that takes a processor with SSE4.1, of 2008 or later.
set -eu
cd "$(dirname "$0")"
clang --target=wasm32 -O3 -fwrapv -fno-strict-aliasing -ffreestanding -nostdlib -mbulk-memory -msimd128 -mnontrapping-fptoint \
	-Wall -Wextra -Wl,--no-entry -Wl,--strip-all -Wl,-z,stack-size=65536 -o ../kernel.wasm kernel.c forward_dct.c
