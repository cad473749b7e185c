/* Loops that invalidate TLB entries, as kernels have them: Linux's own, and others that look like it. */
#include "guest.h"

enum { SO = 0x80000000 };
/* Comparisons and branches. */
#define I_ADDI(t, a, value) (14u << 26 | (u32)(t) << 21 | (u32)(a) << 16 | ((value) & 0xFFFF))
#define I_CMPW(field, a, b) X(0, (field) << 2, a, b)
#define I_CMPLW(a, b) X(32, 0, a, b)
#define I_BRANCH(bo, bi, offset) (16u << 26 | (u32)(bo) << 21 | (u32)(bi) << 16 | ((offset) & 0xFFFC))
enum { UNLESS = 4, IF = 12, HINT = 1, LESS = 0, GREATER = 1 };

/* The address of an entry's page, and what lies there. */
static u32 page(u32 index)
{
	return PAGES + 0x1000 * index;
}

static void load(u32 msr, u32 address)
{
	frame.gpr[5] = 0xA5000005;
	frame.gpr[8] = address;
	RUN(msr, I_LWZ(5, 0, 8));
}

/* All entries that are not the guest's own, in use by both states and another process. */
static void fill(void)
{
	for (u32 index = FREE; index < 64; index++) {
		*at(PAGES_AT + 0x1000 * index) = 0xBBBB0000 | index;
		tlb_set(index, 0, page(index) | VALID | SIZE_4K, PAGES_AT + 0x1000 * index, UR | SR);
	}
	for (u32 index = FREE; index < 64; index++) {
		MTSPR(PID, index % 3);
		load(index % 2 ? PR : 0, page(index));
	}
	for (u32 index = FREE; index < 64; index += 7) {
		MTSPR(PID, 0);
		load(index % 2 ? 0 : PR, page(index));
	}
	MTSPR(PID, 0);
}

struct loop {
	const char *name;
	u32 start, limit, xer;
	u8 source, bound, step, is_unsigned, field, branch, bit, words_before;
};

static const struct loop LOOPS[] = {
	{ "linux", FREE, 63, 0, 3, 6, 1, 0, 0, UNLESS, GREATER, 0 },
	{ "hint", FREE, 63, 0, 3, 6, 1, 0, 0, UNLESS | HINT, GREATER, 0 },
	{ "registers", FREE, 63, 0, 31, 0, 1, 0, 0, UNLESS, GREATER, 0 },
	{ "overflow", FREE, 63, SO, 3, 6, 1, 0, 0, UNLESS, GREATER, 0 },
	{ "middle", 20, 41, 0, 9, 10, 1, 0, 0, UNLESS, GREATER, 0 },
	{ "one", 33, 33, 0, 3, 6, 1, 0, 0, UNLESS, GREATER, 0 },
	{ "behind", 33, 5, 0, 3, 6, 1, 0, 0, UNLESS, GREATER, 0 },
	{ "high", 0x45, 0x7F, 0, 3, 6, 1, 0, 0, UNLESS, GREATER, 0 },
	{ "negative", 0xFFFFFDC5, 0xFFFFFDFF, 0, 3, 6, 1, 0, 0, UNLESS, GREATER, 0 },
	{ "negative-limit", 12, 0xFFFFFFFF, 0, 3, 6, 1, 0, 0, UNLESS, GREATER, 0 },
	{ "unsigned", FREE, 63, 0, 3, 6, 1, 1, 0, UNLESS, GREATER, 0 },
	{ "twos", FREE, 63, 0, 3, 6, 2, 0, 0, UNLESS, GREATER, 0 },
	{ "less", FREE, 64, 0, 3, 6, 1, 0, 0, IF, LESS, 0 },
	{ "field", FREE, 63, 0, 3, 6, 1, 0, 1, UNLESS, GREATER, 0 },
	{ "nop", FREE, 63, 0, 3, 6, 1, 0, 0, UNLESS, GREATER, 1 },
};

/* Puts the loop, its `isync` and `sc` to an address, and says how many words that are. */
static u32 place(const struct loop *loop, u32 address)
{
	u32 count = 0, words[8];
	if (loop->words_before)
		words[count++] = I_NOP;
	words[count++] = I_TLBWE(loop->source, loop->source, 0);
	words[count++] = I_ADDI(loop->source, loop->source, loop->step);
	words[count++] = loop->is_unsigned ? I_CMPLW(loop->source, loop->bound) : I_CMPW(loop->field, loop->source, loop->bound);
	words[count] = I_BRANCH(loop->branch, 4 * loop->field + loop->bit, 0 - 4 * count);
	count++;
	words[count++] = I_ISYNC;
	words[count++] = I_SC;
	for (u32 i = 0; i < count; i++) {
		*at(address + 4 * i) = words[i];
		coherent(address + 4 * i);
	}
	return count;
}

static void flush(const struct loop *loop, u32 offset)
{
	fill();
	/* What the loop does, in words of C. */
	u32 dropped[2] = { 0, 0 };
	u32 index = loop->start, field;
	for (;;) {
		dropped[index >> 5 & 1] |= 1u << (index & 31);
		index += loop->step;
		int less = loop->is_unsigned ? index < loop->limit : (int)index < (int)loop->limit;
		field = (less ? 8 : index == loop->limit ? 2 : 4) | loop->xer >> 31;
		if (loop->bit == LESS ? !less : field & 4)
			break;
	}
	for (u32 i = 0; i < 32; i++)
		frame.gpr[i] = 0xA5000000 | i;
	frame.gpr[loop->source] = loop->start;
	frame.gpr[loop->bound] = loop->limit;
	frame.cr = 0x13571357;
	frame.xer = loop->xer;
	frame.lr = 0x2468ACE0;
	frame.ctr = 0x0ECA8642;
	u32 count = place(loop, CODE_AT + offset);
	frame.pc = CODE + offset;
	frame.msr = 0;
	enter();
	want("interrupt", frame.vector, SYSTEM_CALL);
	want("SRR0", frame.srr0, CODE + offset + 4 * count);
	u32 shift = 28 - 4 * loop->field;
	want("CR", frame.cr, (0x13571357 & ~(15u << shift)) | field << shift);
	want("XER", frame.xer, loop->xer);
	want("LR", frame.lr, 0x2468ACE0);
	want("CTR", frame.ctr, 0x0ECA8642);
	for (u32 i = 0; i < 32; i++)
		want("register", frame.gpr[i], i == loop->source ? index : i == loop->bound ? loop->limit : 0xA5000000 | i);
	frame.cr = frame.xer = 0;
	for (u32 entry = FREE; entry < 64; entry++) {
		u32 msr = entry % 2 ? PR : 0;
		MTSPR(PID, entry % 3);
		load(msr, page(entry));
		if (dropped[entry >> 5] >> (entry & 31) & 1) {
			want_interrupt(DATA_MISS, 0, msr);
			want("DEAR", frame.dear, page(entry));
		} else {
			want_end(1, msr);
			want("loaded", frame.gpr[5], 0xBBBB0000 | entry);
		}
	}
	MTSPR(PID, 0);
}

void flush_cases(void)
{
	for (u32 i = 0; i < sizeof LOOPS / sizeof *LOOPS; i++) {
		if (!begin(ALL, "flush", LOOPS[i].name, 0))
			continue;
		flush(&LOOPS[i], 0);
		end();
	}
	/* Across the end of a page, at each word of the loop. */
	static const char *const OFFSETS[] = { "FF0", "FF4", "FF8", "FFC" };
	for (u32 i = 0; i < 4; i++) {
		if (!begin(ALL, "flush", "pages", OFFSETS[i]))
			continue;
		tlb_set(DATA_ENTRY, 0, DATA_PAGE | VALID | SIZE_4K, DATA_AT, UX | SX | SR);
		flush(&LOOPS[0], 0xFF0 + 4 * i);
		end();
	}
}
