// What the files of the kernel share.

#pragma once

#include <stdint.h>

#define EXPORT(name) __attribute__((export_name(#name)))

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int16_t i16;
typedef int32_t i32;

// A block's coefficients but the first are kept as entries `value << 16 | k`, k being the position in
// zigzag order, 1..63; zeros are left out. Each block knows its first entry and how many there are.
typedef struct {
	i32 stride, rows; // blocks in a row of the grid, and rows
	i16 *dc;
	u32 *start;
	u8 *count;
} Grid;
