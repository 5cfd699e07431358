// The hot loops of the dct codec, compiled to WebAssembly by build.sh: Huffman decoding to a list of
// nonzero coefficients, halving, and requantisation with Huffman encoding, turned or not. Figures
// (T.81) are those of ITU-T T.81. The host (kernel.ts) lays out the memory and checks every header
// before a call; the loops below rely on nothing in the entropy-coded data itself, nor on what a
// Huffman table claims.

#include "kernel.h"

extern u8 __heap_base;
EXPORT(heap_start) const u8 *heap_start(void) { return &__heap_base; }

// ---- Bytes to bits ----------------------------------------------------------------------------

typedef struct {
	u32 start, end; // offsets into the clean bytes
	u32 number;     // of the restart marker before it, 0..7; the first interval has none
} Interval;

// Takes the stuffed zeros out of entropy-coded data and splits it at its restart markers. Any other
// marker in it is a stuffed zero that was damaged. Returns the number of intervals, at most `capacity`.
EXPORT(unstuff)
u32 unstuff(const u8 *in, u32 length, u8 *out, Interval *intervals, u32 capacity) {
	u32 at = 0, to = 0, found = 0;
	intervals[0].start = intervals[0].number = 0;
	for (;;) {
		while (at + 8 <= length) { // eight bytes at once while none of them is 0xFF
			u64 word = *(const u64 *)(in + at), not = ~word;
			if ((not - 0x0101010101010101u) & word & 0x8080808080808080u) break;
			*(u64 *)(out + to) = word;
			at += 8;
			to += 8;
		}
		u32 stop = at + 8 < length ? at + 8 : length;
		while (at < stop) {
			u8 byte = in[at++];
			if (byte != 0xff) {
				out[to++] = byte;
				continue;
			}
			while (at < length && in[at] == 0xff) at++; // fill bytes
			if (at == length) break;
			u8 marker = in[at++];
			if ((marker & 0xf8) != 0xd0) {
				out[to++] = 0xff;
				continue;
			}
			intervals[found++].end = to;
			if (found == capacity) return found;
			intervals[found].start = to;
			intervals[found].number = marker & 7;
		}
		if (at >= length) break;
	}
	intervals[found++].end = to;
	return found;
}

typedef struct {
	const u8 *next;
	u64 bits; // the next bits, the first of them on top
	i32 held; // how many of them are surely there
} Reader;

static inline void refill(Reader *r) {
	r->bits |= __builtin_bswap64(*(const u64 *)r->next) >> r->held;
	r->next += (63 - r->held) >> 3;
	r->held |= 56;
}

static inline void drop(Reader *r, i32 length) {
	r->bits <<= length;
	r->held -= length;
}

// ---- Huffman decoding -------------------------------------------------------------------------

#define PEEK 11
#define LONG 0x80 // the entry's code fits into PEEK bits, its value does not, or nothing fits
#define END 128   // a skip that ends every block

// An entry of `fast` is `value << 16 | skip << 8 | length`: how many bits to drop, code and value
// together, how far to go in the block, and what is there. In a LONG entry the value is the size of
// the value (T.81 F.1.2.1); an entry of LONG alone sends to `limit`.
typedef struct {
	i32 fast[1 << PEEK];
	u32 limit[18]; // for each length, the first 16 peeked bits beyond its codes
	i32 first[18]; // what to add to a code of that length to get the index of its symbol
	u8 symbols[256];
} Decoder;

EXPORT(decoder_size) u32 decoder_size(void) { return sizeof(Decoder); }

static inline i32 extend(u32 bits, u32 size) { // T.81 figure F.12
	return bits < (1u << (size - 1)) ? (i32)bits - (1 << size) + 1 : (i32)bits;
}

static inline i32 skip_of(u32 symbol, int ac) {
	if (!ac || symbol == 0xf0) return ac ? 16 : 0;
	return symbol & 15 ? (symbol >> 4) + 1 : END;
}

// Builds the look-up tables of a Huffman table. Returns 0 for one that has more codes than there are
// symbols, or more of a length than that allows (T.81 annex C): it must not be decoded with.
EXPORT(make_decoder)
u32 make_decoder(Decoder *d, const u8 *counts, const u8 *symbols, int ac) {
	for (u32 i = 0; i < 1 << PEEK; i++) d->fast[i] = LONG;
	u32 code = 0, index = 0;
	for (u32 length = 1; length <= 16; length++) {
		if (index + counts[length - 1] > sizeof d->symbols || code + counts[length - 1] > 1u << length) return 0;
		d->first[length] = (i32)index - (i32)code;
		for (u32 n = counts[length - 1]; n; n--, code++, index++) {
			u32 symbol = d->symbols[index] = symbols[index], size = ac ? symbol & 15 : symbol;
			if (length > PEEK) continue;
			for (u32 rest = 0; rest < 1u << (PEEK - length); rest++) {
				i32 *entry = &d->fast[code << (PEEK - length) | rest];
				i32 skip = skip_of(symbol, ac) << 8;
				if (size == 0) *entry = skip | length;
				else if (length + size > PEEK) *entry = size << 16 | skip | LONG | length;
				else *entry = (u32)extend(rest >> (PEEK - length - size), size) << 16 | skip | (length + size);
			}
		}
		d->limit[length] = code << (16 - length);
		code <<= 1;
	}
	return 1;
}

// How many codes and runs that cannot be the present scan has.
static u32 faults;

// Takes a code that `fast` cannot finish; gives an entry without length. Where there is no such code,
// it does as libjpeg: 17 bits are dropped, the block's mean stays or the block ends.
static __attribute__((noinline)) i32 take_long(Reader *r, const Decoder *d, i32 entry, int ac) {
	u32 size, skip;
	if (entry == LONG) {
		u32 peek = r->bits >> 48, length = PEEK + 1;
		while (length <= 16 && peek >= d->limit[length]) length++;
		if (length > 16) {
			drop(r, length);
			faults++;
			return skip_of(0, ac) << 8;
		}
		u32 symbol = d->symbols[(i32)(peek >> (16 - length)) + d->first[length]];
		drop(r, length);
		size = ac ? symbol & 15 : symbol;
		skip = skip_of(symbol, ac);
	} else {
		drop(r, entry & 15);
		size = entry >> 16;
		skip = entry >> 8 & 255;
	}
	if (size > 15) {
		faults++;
		return skip_of(0, ac) << 8;
	}
	if (size == 0) return skip << 8;
	i32 value = extend(r->bits >> (64 - size), size);
	drop(r, size);
	return (u32)value << 16 | skip << 8;
}

typedef struct {
	i32 h, v; // blocks of it in one MCU of this scan
	Grid *grid;
	const Decoder *dc, *ac;
} ScanComponent;

typedef struct {
	const u8 *clean;
	const Interval *intervals;   // in the order of their places; one that was lost is empty
	u32 interval_count, restart; // MCUs in an interval; all of them where there are no restarts
	u32 across, down;            // MCUs
	u32 component_count;
	// What `decode_scan` found: codes and runs that cannot be; MCUs that did not arrive whole, and
	// those of them after the last one that did.
	u32 faults, missing, cut;
	ScanComponent components[4];
} Scan;

// Decodes one block. Returns the next free place in `list`.
static inline i32 *decode_block(Reader *r, const Decoder *dc, const Decoder *ac, i32 *prediction, i32 *list) {
	refill(r);
	i32 entry = dc->fast[r->bits >> (64 - PEEK)];
	if (entry & LONG) entry = take_long(r, dc, entry, 0);
	drop(r, entry & 63);
	*prediction += entry >> 16;
	u32 k = 0;
	do {
		if (r->held < 32) refill(r);
		entry = ac->fast[r->bits >> (64 - PEEK)];
		if (__builtin_expect(entry & LONG, 0)) entry = take_long(r, ac, entry, 1);
		drop(r, entry & 63);
		k += entry >> 8 & 255;
		*list = (entry & 0xffff0000) | k;
		list += k < 64 && (u32)entry > 0xffff;
	} while (k < 63);
	if (__builtin_expect(k > 63 && k < END, 0)) { // a run past the block's end: its value is the last one's
		faults++;
		*list = (entry & 0xffff0000) | 63;
		list += (u32)entry > 0xffff;
	}
	return list;
}

// Decodes a scan (T.81 F.2.2) into its components' grids, appending to the list at index `used`.
// Blocks that did not arrive become flat, as bright as the one above: on damaged frames that is 2 dB
// nearer to the sound ones than mid-grey or the block before. Returns the list's new end. `list` needs
// room for every bit pair of the scan and 64 more entries.
EXPORT(decode_scan)
i32 decode_scan(Scan *scan, i32 *list, u32 used) {
	u32 mcu = 0, mcus = scan->across * scan->down;
	i32 *next = list + used;
	faults = scan->missing = scan->cut = 0;
	for (u32 i = 0; mcu < mcus; i++) {
		i32 prediction[4] = {0, 0, 0, 0};
		int arrives = i < scan->interval_count && scan->intervals[i].start < scan->intervals[i].end;
		Reader r = {scan->clean, 0, 0};
		const u8 *end = scan->clean;
		if (arrives) {
			r.next += scan->intervals[i].start;
			end += scan->intervals[i].end;
		}
		u32 first = mcu, last = mcus - mcu > scan->restart ? mcu + scan->restart : mcus;
		u32 arrived = arrives ? last : first; // where what arrived ends
		for (; mcu < last; mcu++) {
			u32 x = mcu % scan->across, y = mcu / scan->across;
			for (u32 c = 0; c < scan->component_count; c++) {
				const ScanComponent *component = &scan->components[c];
				Grid *grid = component->grid;
				for (i32 v = 0; v < component->v; v++) for (i32 h = 0; h < component->h; h++) {
					u32 block = (y * component->v + v) * grid->stride + x * component->h + h;
					i32 *begin = next;
					if (arrives) {
						i32 before = prediction[c];
						next = decode_block(&r, component->dc, component->ac, &prediction[c], begin);
						if ((r.next - end) * 8 > r.held) { // more bits taken than there were
							arrives = 0;
							arrived = mcu;
							next = begin;
							prediction[c] = before;
						}
					}
					i32 mean = prediction[c];
					if (!arrives && block >= (u32)grid->stride) mean = grid->dc[block - grid->stride];
					grid->dc[block] = mean;
					grid->start[block] = begin - list;
					grid->count[block] = next - begin;
				}
			}
		}
		scan->missing += last - arrived;
		scan->cut = arrived == first ? scan->cut + last - first : last - arrived;
	}
	scan->faults = faults;
	return next - list;
}

// ---- Half size --------------------------------------------------------------------------------

typedef float f4 __attribute__((vector_size(16)));
typedef i32 i4 __attribute__((vector_size(16)));
typedef u32 u4 __attribute__((vector_size(16)));

// One dimension: four coefficients of each of two neighbours, as 4-point DCTs of half the samples,
// become the 8-point DCT of all of them. Every other one is a mere sum, by the symmetry of cosines.
// Works on eight columns of eight rows, four at once.
static inline __attribute__((always_inline)) void join(const f4 in[8][2], f4 out[8][2]) {
	for (i32 i = 0; i < 2; i++) {
		f4 s0 = in[0][i] - in[4][i], s1 = in[1][i] + in[5][i];
		f4 s2 = in[2][i] - in[6][i], s3 = in[3][i] + in[7][i];
		out[0][i] = 0.5f * (in[0][i] + in[4][i]);
		out[2][i] = 0.5f * (in[1][i] - in[5][i]);
		out[4][i] = 0.5f * (in[2][i] + in[6][i]);
		out[6][i] = 0.5f * (in[3][i] - in[7][i]);
		out[1][i] = 0.45306372f * s0 + 0.2078674f * s1 - 0.03732892f * s2 + 0.01144366f * s3;
		out[3][i] = -0.15909482f * s0 + 0.39553254f * s1 + 0.25663998f * s2 - 0.04877258f * s3;
		out[5][i] = 0.10630376f * s0 - 0.17622148f * s1 + 0.38408888f * s2 + 0.24519632f * s3;
		out[7][i] = -0.09011998f * s0 + 0.13889256f * s1 - 0.18766514f * s2 + 0.43286146f * s3;
	}
}

// Four rows of four columns become columns.
static inline __attribute__((always_inline))
void transpose4(f4 a, f4 b, f4 c, f4 d, f4 *r0, f4 *r1, f4 *r2, f4 *r3) {
	f4 ab0 = __builtin_shufflevector(a, b, 0, 4, 1, 5), ab1 = __builtin_shufflevector(a, b, 2, 6, 3, 7);
	f4 cd0 = __builtin_shufflevector(c, d, 0, 4, 1, 5), cd1 = __builtin_shufflevector(c, d, 2, 6, 3, 7);
	*r0 = __builtin_shufflevector(ab0, cd0, 0, 1, 4, 5);
	*r1 = __builtin_shufflevector(ab0, cd0, 2, 3, 6, 7);
	*r2 = __builtin_shufflevector(ab1, cd1, 0, 1, 4, 5);
	*r3 = __builtin_shufflevector(ab1, cd1, 2, 3, 6, 7);
}

static inline __attribute__((always_inline)) void transpose(f4 m[8][2]) {
	f4 t[8][2];
	for (i32 y = 0; y < 2; y++) for (i32 x = 0; x < 2; x++) {
		transpose4(
			m[4 * y][x], m[4 * y + 1][x], m[4 * y + 2][x], m[4 * y + 3][x],
			&t[4 * x][y], &t[4 * x + 1][y], &t[4 * x + 2][y], &t[4 * x + 3][y]
		);
	}
	for (i32 i = 0; i < 8; i++) m[i][0] = t[i][0], m[i][1] = t[i][1];
}

typedef struct {
	const Grid *from;
	const i16 *dc;          // the source's, dequantised
	const u16 *quantization; // the source's, in zigzag order
	const u8 *natural;      // row-by-row position of each k
	Grid *to;
} Half;

// By bits of a byte of the places in a block, row by row: the same places in zigzag order.
static u64 zigzag[8][256];

static void make_zigzag(const u8 *natural) {
	u8 k_of[64];
	for (u32 k = 0; k < 64; k++) k_of[natural[k]] = k;
	for (u32 row = 0; row < 8; row++) for (u32 bits = 0; bits < 256; bits++) {
		u64 places = 0;
		for (u32 i = 0; i < 8; i++) if (bits >> i & 1) places |= (u64)1 << k_of[8 * row + i];
		zigzag[row][bits] = places;
	}
}

// Makes each block of a component's half-size grid from the four low-frequency corners of four
// blocks. What comes out is dequantised (steps of 1); coefficients that not even a third of the
// source's step reach are left out. Appends to the list `made` at index `used` and returns its new
// end; it needs room for 63 entries a block and one more.
EXPORT(halve)
u32 halve(const Half *half, const i32 *list, i32 *made, u32 used) {
	const Grid *from = half->from;
	const Grid *to = half->to;
	f4 least[8][2], in[8][2], out[8][2];
	i4 rounded[8][2];
	if (!zigzag[0][1]) make_zigzag(half->natural);
	for (u32 k = 0; k < 64; k++) {
		((float *)least)[half->natural[k]] = half->quantization[k] < 3 ? 0.5f : half->quantization[k] / 3.0f;
	}
	i32 *next = made + used;
	for (i32 y = 0; y < to->rows; y++) for (i32 x = 0; x < to->stride; x++) {
		for (u32 i = 0; i < 8; i++) in[i][0] = in[i][1] = (f4){0};
		for (i32 corner = 0; corner < 4; corner++) {
			i32 sx = 2 * x + (corner & 1), sy = 2 * y + (corner >> 1);
			int inside = sx < from->stride && sy < from->rows;
			if (sx >= from->stride) sx = from->stride - 1;
			if (sy >= from->rows) sy = from->rows - 1;
			u32 block = sy * from->stride + sx;
			// Columns are rows here: they are joined first.
			float *at = (float *)in + (corner & 1) * 32 + (corner >> 1) * 4;
			*at = half->dc[block];
			if (!inside) continue; // beyond the edge the last block goes on, flat
			const i32 *entry = list + from->start[block], *end = entry + from->count[block];
			for (; entry < end; entry++) {
				u32 k = *entry & 63, place = half->natural[k];
				if (place & 0x24) continue; // a frequency of 4 or more
				at[(place & 7) * 8 + (place >> 3)] = (*entry >> 16) * (i32)half->quantization[k];
			}
		}
		join(in, out);
		transpose(out);
		join(out, in);

		u32 block = y * to->stride + x;
		float mean = in[0][0][0];
		to->dc[block] = (i32)(mean < 0 ? mean - 0.5f : mean + 0.5f);
		u64 filled = 0; // the places in zigzag order that hold a coefficient
		for (u32 row = 0; row < 8; row++) {
			u32 bits = 0;
			for (u32 i = 0; i < 2; i++) {
				f4 value = in[row][i];
				i4 sign = (i4)value & (i4)(u4){0x80000000, 0x80000000, 0x80000000, 0x80000000};
				rounded[row][i] = __builtin_convertvector(value + (f4)(sign | (i4)(f4){0.5f, 0.5f, 0.5f, 0.5f}), i4);
				bits |= (u32)__builtin_wasm_bitmask_i32x4((f4)((i4)value ^ sign) >= least[row][i]) << 4 * i;
			}
			filled |= zigzag[row][bits];
		}
		i32 *begin = next;
		for (filled &= ~(u64)1; filled; filled &= filled - 1) {
			u32 k = __builtin_ctzll(filled);
			*next++ = (u32)((i32 *)rounded)[half->natural[k]] << 16 | k;
		}
		to->start[block] = begin - made;
		to->count[block] = next - begin;
	}
	return next - made;
}

// ---- Huffman encoding -------------------------------------------------------------------------

#define SMALL 32 // values from -SMALL to SMALL - 1 have their whole code in a table

// Codes are `code << 5 | length`.
typedef struct {
	u32 codes[256];           // by symbol, without the value's bits
	u32 small[16][2 * SMALL]; // AC: by run and SMALL + value, with them
} Encoder;

EXPORT(encoder_size) u32 encoder_size(void) { return sizeof(Encoder); }

static inline u32 size_of(u32 magnitude) { return 32 - __builtin_clz(magnitude); }

// The code of a symbol with the low `size` bits of a value behind it (T.81 F.1.2.1).
static inline u32 with_value(u32 code, i32 value, u32 size) {
	u32 bits = (u32)(value + (value >> 31)) & ((1u << size) - 1);
	return (code >> 5) << (size + 5) | bits << 5 | ((code & 31) + size);
}

EXPORT(make_encoder)
void make_encoder(Encoder *e, const u8 *counts, const u8 *symbols) {
	for (u32 i = 0; i < 256; i++) e->codes[i] = 0;
	u32 code = 0, index = 0;
	for (u32 length = 1; length <= 16; length++, code <<= 1) {
		for (u32 n = counts[length - 1]; n; n--) e->codes[symbols[index++]] = code++ << 5 | length;
	}
	for (i32 run = 0; run < 16; run++) for (i32 value = -SMALL; value < SMALL; value++) {
		if (value == 0) continue;
		u32 size = size_of(value < 0 ? -value : value);
		e->small[run][SMALL + value] = with_value(e->codes[run << 4 | size], value, size);
	}
}

typedef struct {
	u8 *next;
	u64 bits;
	i32 room; // bits that `bits` can still take, 64 when it is empty
} Writer;

static inline __attribute__((always_inline)) void put(Writer *w, u32 code) {
	i32 length = code & 31;
	w->room -= length;
	if (__builtin_expect(w->room < 0, 0)) { // what fits in completes eight bytes, the rest stays
		u64 word = w->bits << (length + w->room) | (u64)(code >> 5) >> -w->room, not = ~word;
		if (__builtin_expect(((not - 0x0101010101010101u) & word & 0x8080808080808080u) != 0, 0)) {
			for (i32 shift = 56; shift >= 0; shift -= 8) {
				u8 byte = word >> shift;
				*w->next++ = byte;
				if (byte == 0xff) *w->next++ = 0;
			}
		} else {
			*(u64 *)w->next = __builtin_bswap64(word);
			w->next += 8;
		}
		w->bits = code >> 5; // its upper bits, written already, leave at the top later
		w->room += 64;
	} else {
		w->bits = w->bits << length | code >> 5;
	}
}

#define POINT 30 // binary places of `scale`

typedef struct {
	i32 h, v;            // blocks of it in one MCU
	i32 origin;          // the block that comes first, and the ways to that beside and that below it
	i32 step_x, step_y;
	const Grid *grid;
	const i16 *dc;       // requantised, in the grid's order
	const Encoder *dc_codes, *ac_codes;
	i32 has_ac;          // 0 leaves all but the DC coefficients out
	u32 scale[64];       // by k: the source's step over the new one
	i32 sign[64];        // by k: -1 turns the coefficient's sign, 0 does not
	u32 position[64];    // by k: its place in zigzag order, once the block is transposed
} PlanComponent;

typedef struct {
	u32 across, down; // MCUs
	u32 transposed;   // whether coefficients change places within their blocks
	u32 component_count;
	PlanComponent components[3];
} Plan;

// The largest block: DC 9 + 11 bits, 63 times AC 16 + 10, each byte stuffed, and what was held.
#define LARGEST_BLOCK 512

// Writes an AC coefficient that `run` zeros precede.
static inline __attribute__((always_inline)) void put_ac(Writer *w, const Encoder *ac, i32 value, u32 run) {
	while (__builtin_expect(run > 15, 0)) {
		put(w, ac->codes[0xf0]);
		run -= 16;
	}
	if (__builtin_expect((u32)(value + SMALL) < 2 * SMALL, 1)) {
		put(w, ac->small[run][SMALL + value]);
	} else {
		// Beyond 1023, baseline has no codes.
		if (value > 1023) value = 1023;
		if (value < -1023) value = -1023;
		u32 size = size_of(value < 0 ? -value : value);
		put(w, with_value(ac->codes[run << 4 | size], value, size));
	}
}

// Requantises a coefficient, rounding halves away from zero.
static inline i32 requantise(i32 value, u32 scale, i32 sign) {
	u32 magnitude = value < 0 ? -value : value;
	magnitude = ((u64)magnitude * scale + (1u << (POINT - 1))) >> POINT;
	sign ^= value >> 31;
	return ((i32)magnitude ^ sign) - sign;
}

// The compiler makes two of it, so that each has the loops of its own case only.
static inline __attribute__((always_inline))
u32 encode_scan(const Plan *plan, const i32 *list, u8 *out, u32 capacity, int transposed) {
	Writer w = {out, 0, 64};
	const u8 *full = out + capacity - LARGEST_BLOCK;
	i32 prediction[3] = {0, 0, 0};
	for (u32 y = 0; y < plan->down; y++) for (u32 x = 0; x < plan->across; x++) {
		for (u32 c = 0; c < plan->component_count; c++) {
			const PlanComponent *p = &plan->components[c];
			const Grid *grid = p->grid;
			const u32 *scale = p->scale;
			const i32 *sign = p->sign;
			const u32 *position = p->position;
			const Encoder *ac = p->ac_codes;
			for (i32 v = 0; v < p->v; v++) for (i32 h = 0; h < p->h; h++) {
				if (w.next > full) return 0;
				u32 block = p->origin + (i32)(x * p->h + h) * p->step_x + (i32)(y * p->v + v) * p->step_y;
				i32 change = p->dc[block] - prediction[c];
				prediction[c] = p->dc[block];
				u32 size = change ? size_of(change < 0 ? -change : change) : 0;
				put(&w, with_value(p->dc_codes->codes[size], change, size));
				// First what is left of the block, without a branch; then its codes.
				const i32 *entry = list + grid->start[block];
				const i32 *end = entry + (p->has_ac ? grid->count[block] : 0);
				i32 left[64];
				u32 last = 0;
				if (transposed) {
					u64 filled = 0; // the places in `left` that hold a coefficient
					for (; entry < end; entry++) {
						u32 k = *entry & 63;
						i32 value = left[position[k]] = requantise(*entry >> 16, scale[k], sign[k]);
						filled |= (u64)(value != 0) << position[k];
					}
					for (; filled; filled &= filled - 1) {
						u32 k = __builtin_ctzll(filled);
						put_ac(&w, ac, left[k], k - last - 1);
						last = k;
					}
				} else {
					i32 *rest = left;
					for (; entry < end; entry++) {
						u32 k = *entry & 63;
						i32 value = requantise(*entry >> 16, scale[k], sign[k]);
						*rest = (u32)value << 16 | k;
						rest += value != 0;
					}
					for (const i32 *one = left; one < rest; one++) {
						u32 k = *one & 63;
						put_ac(&w, ac, *one >> 16, k - last - 1);
						last = k;
					}
				}
				if (last < 63) put(&w, ac->codes[0]);
			}
		}
	}
	put(&w, 0x7f << 5 | 7); // ones up to the next byte (T.81 F.1.2.3)
	for (i32 held = 64 - w.room; held >= 8; held -= 8) {
		u8 byte = w.bits >> (held - 8);
		*w.next++ = byte;
		if (byte == 0xff) *w.next++ = 0;
	}
	return w.next - out;
}

// Requantises and encodes one scan (T.81 F.1.2). Returns how many bytes were written, or 0 where
// `capacity` may not do.
EXPORT(encode)
u32 encode(const Plan *plan, const i32 *list, u8 *out, u32 capacity) {
	return plan->transposed ? encode_scan(plan, list, out, capacity, 1) : encode_scan(plan, list, out, capacity, 0);
}
