// From pixels to quantised coefficients: conversion to YCbCr (JFIF), colour at half size in both
// directions (4:2:0), forward DCT, quantisation. The host (pixels.ts) lays out the memory.

#include "kernel.h"

#define MCU 16 // pixels, in both directions: 2 x 2 blocks of brightness, one of each colour

typedef struct {
	const Grid *grid;
	float scale[64]; // by k: steps in one unit of what `transform` gives
} PixelComponent;

typedef struct {
	i32 width;         // pixels
	const u8 *natural; // row-by-row position of each k
	PixelComponent components[3];
} PixelPlan;

// One dimension of the DCT by Arai, Agui and Nakajima: five multiplications. What they leave to be
// divided out of each frequency is part of `scale`.
static inline void transform_line(float *line, int step) {
	float s0 = line[0] + line[7 * step], d0 = line[0] - line[7 * step];
	float s1 = line[step] + line[6 * step], d1 = line[step] - line[6 * step];
	float s2 = line[2 * step] + line[5 * step], d2 = line[2 * step] - line[5 * step];
	float s3 = line[3 * step] + line[4 * step], d3 = line[3 * step] - line[4 * step];

	float outer = s0 + s3, inner = s1 + s2, lean = s0 - s3;
	float turned = (s1 - s2 + lean) * 0.70710678f;
	line[0] = outer + inner;
	line[4 * step] = outer - inner;
	line[2 * step] = lean + turned;
	line[6 * step] = lean - turned;

	float low = d3 + d2, high = d1 + d0, middle = (d2 + d1) * 0.70710678f;
	float common = (low - high) * 0.38268343f;
	float odd = low * 0.5411961f + common, even = high * 1.306563f + common;
	float sum = d0 + middle, difference = d0 - middle;
	line[5 * step] = difference + odd;
	line[3 * step] = difference - odd;
	line[step] = sum + even;
	line[7 * step] = sum - even;
}

static inline void transform(float *block) {
	for (u32 y = 0; y < 8; y++) transform_line(block + y * 8, 1);
	for (u32 x = 0; x < 8; x++) transform_line(block + x, 8);
}

// Rounds AC values towards zero a little: of those just beyond a half, most cost more bits than the
// error they take away is worth.
#define ROUNDING 0.4f

// Quantises a block into its place in the grid. Returns the next free place in `list`.
static inline i32 *quantize(const PixelComponent *c, const u8 *natural, const float *block, u32 index, i32 *list, i32 *next) {
	const Grid *grid = c->grid;
	i32 *begin = next;
	grid->dc[index] = (i32)__builtin_floorf(block[0] * c->scale[0] + 0.5f);
	for (u32 k = 1; k < 64; k++) {
		float steps = block[natural[k]] * c->scale[k];
		i32 value = (i32)(steps + __builtin_copysignf(ROUNDING, steps));
		*next = (u32)value << 16 | k; // kept if it is not 0
		next += value != 0;
	}
	grid->start[index] = begin - list;
	grid->count[index] = next - begin;
	return next;
}

// Makes row `y` of the MCUs from its `rows` rows of pixels, 1 to 16, of four bytes each: red, green,
// blue and one that is not read. Beyond the edges, the last column and row go on. Appends to `list`
// at index `used` and returns its new end; it needs room for 63 entries a block and one more.
EXPORT(transform_row)
u32 transform_row(const PixelPlan *plan, const u8 *pixels, i32 rows, i32 y, i32 *list, u32 used) {
	const PixelComponent *luma = &plan->components[0], *colours = &plan->components[1];
	i32 across = colours->grid->stride, stride = luma->grid->stride, last = plan->width - 1;
	i32 *next = list + used;
	for (i32 x = 0; x < across; x++) {
		float brightness[4][64], colour[2][64] = {{0}};
		for (i32 dy = 0; dy < MCU; dy++) {
			const u8 *row = pixels + (dy < rows ? dy : rows - 1) * plan->width * 4;
			for (i32 dx = 0; dx < MCU; dx++) {
				i32 column = x * MCU + dx;
				const u8 *pixel = row + (column < last ? column : last) * 4;
				float r = pixel[0], g = pixel[1], b = pixel[2];
				u32 quarter = (dy >> 1) * 8 + (dx >> 1);
				brightness[dy >> 3 << 1 | dx >> 3][(dy & 7) * 8 + (dx & 7)] = 0.299f * r + 0.587f * g + 0.114f * b - 128;
				// A quarter of each: four pixels make one of colour.
				colour[0][quarter] += -0.042183973f * r - 0.082816027f * g + 0.125f * b;
				colour[1][quarter] += 0.125f * r - 0.104671897f * g - 0.020328103f * b;
			}
		}
		for (i32 i = 0; i < 4; i++) {
			transform(brightness[i]);
			u32 index = (2 * y + (i >> 1)) * stride + 2 * x + (i & 1);
			next = quantize(luma, plan->natural, brightness[i], index, list, next);
		}
		for (i32 i = 0; i < 2; i++) {
			transform(colour[i]);
			next = quantize(&colours[i], plan->natural, colour[i], y * across + x, list, next);
		}
	}
	return next - list;
}
