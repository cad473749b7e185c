/* The TLB: its instructions, process IDs, address spaces. */
#include "guest.h"

#define MINE 40 /* an entry of the cases */

static const u32 LOAD = I_LWZ(5, 0, 8), STORE = I_STW(6, 0, 8);
enum { FOUND = 0x20000000 };

/* Two pages of memory that can be told apart. */
static void pages(void)
{
	*at(PAGES_AT) = 0x11111111;
	*at(PAGES_AT + 0x1000) = 0x22222222;
}

static void map(u32 index, u32 tid, u32 space, u32 physical)
{
	tlb_set(index, tid, PAGES | VALID | space | SIZE_4K, physical, UW | UR | SW | SR);
}

static void load(u32 msr)
{
	frame.gpr[5] = 0xA5000005;
	frame.gpr[8] = PAGES;
	run(msr, &LOAD, 1);
}

static void want_value(u32 msr, u32 value)
{
	want_end(1, msr);
	want("r5", frame.gpr[5], value);
}

static void want_miss(u32 msr)
{
	want_interrupt(DATA_MISS, 0, msr);
	want("DEAR", frame.dear, PAGES);
	want("ESR", frame.esr, 0);
	want("r5", frame.gpr[5], 0xA5000005);
}

static void reading_and_writing(void)
{
	if (begin(ALL, "tlb", "tlbre", 0)) {
		tlb_set(MINE, 0x5A, 0x12345000 | VALID | SPACE1 | SIZE_4K, 0x09876003, 0xF000 | INHIBITED | GUARDED | UX | SR);
		frame.gpr[6] = MINE;
		RUN(0, I_TLBRE(7, 6, 0), I_TLBRE(8, 6, 1), I_TLBRE(9, 6, 2), I_MFSPR(10, MMUCR));
		want_end(4, 0);
		want("word 0", frame.gpr[7], 0x12345000 | VALID | SPACE1 | SIZE_4K);
		want("word 1", frame.gpr[8], 0x09876003);
		want("word 2", frame.gpr[9], 0xF000 | INHIBITED | GUARDED | UX | SR);
		want("TID", frame.gpr[10] & 0xFF, 0x5A);
		end();
	}
	if (begin(ALL, "tlb", "tlbwe", "kernel")) {
		pages();
		frame.gpr[5] = MINE;
		frame.gpr[6] = PAGES | VALID | SIZE_4K;
		frame.gpr[7] = PAGES_AT + 0x1000;
		frame.gpr[9] = SR;
		frame.gpr[8] = PAGES;
		RUN(0, I_TLBWE(7, 5, 1), I_TLBWE(9, 5, 2), I_TLBWE(6, 5, 0), I_ISYNC, I_LWZ(10, 0, 8));
		want_end(5, 0);
		want("r10", frame.gpr[10], 0x22222222);
		end();
	}
	if (begin(ALL, "tlb", "tlbwe", "invalidates")) {
		pages();
		map(MINE, 0, 0, PAGES_AT);
		load(0);
		want_value(0, 0x11111111);
		tlb_clear(MINE);
		load(0);
		want_miss(0);
		end();
	}
	/* As Linux does it: the number of the entry is the word, and not valid. */
	if (begin(ALL, "tlb", "tlbwe", "index")) {
		pages();
		map(MINE, 0, 0, PAGES_AT);
		load(PR);
		want_value(PR, 0x11111111);
		frame.gpr[5] = MINE;
		RUN(0, I_TLBWE(5, 5, 0), I_ISYNC);
		load(PR);
		want_miss(PR);
		end();
	}
	if (begin(ALL, "tlb", "tlbwe", "remaps")) {
		pages();
		map(MINE, 0, 0, PAGES_AT);
		load(0);
		want_value(0, 0x11111111);
		frame.gpr[5] = MINE;
		frame.gpr[7] = PAGES_AT + 0x1000;
		RUN(0, I_TLBWE(7, 5, 1), I_ISYNC);
		load(0);
		want_value(0, 0x22222222);
		end();
	}
	if (begin(ALL, "tlb", "tlbwe", "all-entries")) {
		for (u32 index = FREE; index < 64; index++) {
			*at(PAGES_AT + 0x1000 * index) = 0x33330000 | index;
			tlb_set(index, 0, (PAGES + 0x1000 * index) | VALID | SIZE_4K, PAGES_AT + 0x1000 * index, UR);
		}
		for (u32 index = FREE; index < 64; index++) {
			frame.gpr[8] = PAGES + 0x1000 * index;
			run(PR, &LOAD, 1);
			want_value(PR, 0x33330000 | index);
		}
		end();
	}
	/* A loop over all entries but one's own, as kernels flush. */
	if (begin(ALL, "tlb", "tlbwe", "flush-loop")) {
		for (u32 index = FREE; index < 64; index++)
			tlb_set(index, 0, (PAGES + 0x1000 * index) | VALID | SIZE_4K, PAGES_AT + 0x1000 * index, UR);
		frame.gpr[8] = PAGES + 0x1000 * 63;
		run(PR, &LOAD, 1);
		want_end(1, PR);
		frame.gpr[3] = FREE;
		/* 1: tlbwe r3, r3, 0; addi r3, r3, 1; cmpwi r3, 63; ble 1b; isync */
		RUN(0, I_TLBWE(3, 3, 0), 0x38630001, 0x2C03003F, 0x4081FFF4, I_ISYNC);
		want_end(5, 0);
		want("r3", frame.gpr[3], 64);
		want("CR0", frame.cr >> 28, 4);
		for (u32 index = FREE; index < 64; index++) {
			frame.gpr[8] = PAGES + 0x1000 * index;
			run(PR, &LOAD, 1);
			want_interrupt(DATA_MISS, 0, PR);
			want("DEAR", frame.dear, PAGES + 0x1000 * index);
		}
		end();
	}
}

/* QEMU goes on with what it knows of a valid entry when some of its words change. */
static void changing(void)
{
	static const struct {
		const char *name;
		u32 number, word, vector;
	} CHANGES[] = {
		{ "rights", 2, SR, DATA }, { "none", 2, 0, DATA },
		{ "space", 0, PAGES | VALID | SPACE1 | SIZE_4K, DATA_MISS },
		{ "smaller", 0, PAGES | VALID | SIZE_4K, DATA_MISS },
	};
	for (u32 i = 0; i < 4; i++) {
		if (!begin(VM_ONLY, "tlb", "change", CHANGES[i].name))
			continue;
		pages();
		tlb_set(MINE, 0, PAGES | VALID | 0x20, PAGES_AT, SW | SR);
		u32 offset = i == 3 ? 0x1000 : 0;
		frame.gpr[8] = PAGES + offset;
		run(0, &STORE, 1);
		want_end(1, 0);
		frame.gpr[5] = MINE;
		frame.gpr[7] = CHANGES[i].word;
		if (CHANGES[i].number == 2)
			RUN(0, I_TLBWE(7, 5, 2), I_ISYNC);
		else
			RUN(0, I_TLBWE(7, 5, 0), I_ISYNC);
		run(0, &STORE, 1);
		want_interrupt(CHANGES[i].vector, 0, 0);
		want("DEAR", frame.dear, PAGES + offset);
		want("ESR", frame.esr, ST);
		end();
	}
	if (begin(VM_ONLY, "tlb", "change", "TID")) {
		pages();
		map(MINE, 5, 0, PAGES_AT);
		MTSPR(PID, 5);
		load(0);
		want_value(0, 0x11111111);
		MTSPR(MMUCR, 6);
		frame.gpr[5] = MINE;
		frame.gpr[7] = PAGES | VALID | SIZE_4K;
		RUN(0, I_TLBWE(7, 5, 0), I_ISYNC);
		load(0);
		MTSPR(MMUCR, 0);
		want_miss(0);
		end();
	}
}

static void search(u32 mmucr)
{
	MTSPR(MMUCR, mmucr);
	frame.gpr[5] = 0xA5000005;
	frame.gpr[8] = PAGES + 0x123;
	RUN(0, I_TLBSX_(5, 0, 8));
	MTSPR(MMUCR, 0);
	want_end(1, 0);
}

static void searching(void)
{
	if (begin(ALL, "tlb", "tlbsx", "found")) {
		map(MINE, 0, 0, PAGES_AT);
		search(0);
		want("r5", frame.gpr[5], MINE);
		want("CR0", frame.cr & 0xF0000000, FOUND);
		end();
	}
	if (begin(ALL, "tlb", "tlbsx", "missing")) {
		search(0);
		want("CR0", frame.cr & 0xF0000000, 0);
		end();
	}
	if (begin(ALL, "tlb", "tlbsx", "plain")) { /* without the dot CR stays */
		map(MINE, 0, 0, PAGES_AT);
		frame.cr = 0x12345678;
		frame.gpr[8] = PAGES;
		frame.gpr[9] = 0xFFC;
		RUN(0, I_TLBSX(5, 8, 9));
		want_end(1, 0);
		want("r5", frame.gpr[5], MINE);
		want("CR", frame.cr, 0x12345678);
		end();
	}
	if (begin(ALL, "tlb", "tlbsx", "TID")) { /* MMUCR's, not PID's */
		map(MINE, 7, 0, PAGES_AT);
		MTSPR(PID, 3);
		search(7);
		want("r5", frame.gpr[5], MINE);
		want("CR0", frame.cr & 0xF0000000, FOUND);
		search(3);
		want("CR0 of another", frame.cr & 0xF0000000, 0);
		end();
	}
	/* QEMU looks in both spaces. */
	if (begin(VM_ONLY, "tlb", "tlbsx", "space")) {
		map(MINE, 0, SPACE1, PAGES_AT);
		search(0);
		want("CR0 in 0", frame.cr & 0xF0000000, 0);
		search(0x10000);
		want("CR0 in 1", frame.cr & 0xF0000000, FOUND);
		want("r5", frame.gpr[5], MINE);
		end();
	}
}

static void process_ids(void)
{
	static const struct {
		const char *name;
		u32 msr;
	} MODES[] = { { "kernel", 0 }, { "user", PR } };
	for (u32 mode = 0; mode < 2; mode++) {
		u32 msr = MODES[mode].msr;
		if (begin(ALL, "pid", "match", MODES[mode].name)) {
			pages();
			map(MINE, 5, 0, PAGES_AT);
			static const u32 IDS[] = { 0, 4, 5, 6, 7, 13, 0x85, 5, 0xFF };
			for (u32 i = 0; i < sizeof IDS / 4; i++) {
				MTSPR(PID, IDS[i]);
				load(msr);
				if (IDS[i] == 5)
					want_value(msr, 0x11111111);
				else
					want_miss(msr);
			}
			end();
		}
		if (begin(ALL, "pid", "zero", MODES[mode].name)) {
			pages();
			map(MINE, 0, 0, PAGES_AT);
			for (u32 id = 0; id < 256; id += 15) {
				MTSPR(PID, id);
				load(msr);
				want_value(msr, 0x11111111);
			}
			end();
		}
		if (begin(ALL, "pid", "two", MODES[mode].name)) { /* one address, two processes */
			pages();
			map(MINE, 5, 0, PAGES_AT);
			map(MINE + 1, 6, 0, PAGES_AT + 0x1000);
			for (u32 i = 0; i < 6; i++) {
				MTSPR(PID, 5 + i % 2);
				load(msr);
				want_value(msr, i % 2 ? 0x22222222 : 0x11111111);
			}
			end();
		}
		if (begin(ALL, "pid", "many", MODES[mode].name)) { /* more than a monitor can keep apart */
			for (u32 id = 1; id <= 50; id++) {
				*at(PAGES_AT + 0x1000 * id) = 0x44440000 | id;
				map(FREE + id, id, 0, PAGES_AT + 0x1000 * id);
			}
			for (u32 round = 0; round < 2; round++)
				for (u32 id = 1; id <= 50; id++) {
					MTSPR(PID, id);
					load(msr);
					want_value(msr, 0x44440000 | id);
				}
			MTSPR(PID, 51);
			load(msr);
			want_miss(msr);
			end();
		}
	}
	if (begin(ALL, "pid", "change", 0)) { /* in the middle of a program */
		pages();
		map(MINE, 5, 0, PAGES_AT);
		map(MINE + 1, 6, 0, PAGES_AT + 0x1000);
		frame.gpr[6] = 5;
		frame.gpr[7] = 6;
		frame.gpr[8] = PAGES;
		RUN(0, I_MTSPR(PID, 6), I_ISYNC, I_LWZ(9, 0, 8), I_MTSPR(PID, 7), I_ISYNC, I_LWZ(10, 0, 8));
		want_end(6, 0);
		want("first", frame.gpr[9], 0x11111111);
		want("second", frame.gpr[10], 0x22222222);
		end();
	}
}

static void spaces(void)
{
	static const struct {
		const char *name;
		u32 msr;
	} MODES[] = { { "kernel", 0 }, { "user", PR } };
	for (u32 mode = 0; mode < 2; mode++) {
		u32 msr = MODES[mode].msr;
		if (begin(ALL, "space", "data", MODES[mode].name)) {
			pages();
			map(MINE, 0, SPACE1, PAGES_AT);
			load(msr);
			want_miss(msr);
			load(msr | DS);
			want_value(msr | DS, 0x11111111);
			load(msr | IS);
			want_miss(msr | IS);
			load(msr | IS | DS);
			want_value(msr | IS | DS, 0x11111111);
			end();
		}
		if (begin(ALL, "space", "both", MODES[mode].name)) { /* one address, two pages */
			pages();
			map(MINE, 0, 0, PAGES_AT);
			map(MINE + 1, 0, SPACE1, PAGES_AT + 0x1000);
			for (u32 i = 0; i < 4; i++) {
				u32 which = msr | (i % 2 ? DS : 0);
				load(which);
				want_value(which, i % 2 ? 0x22222222 : 0x11111111);
			}
			end();
		}
		if (begin(ALL, "space", "instructions", MODES[mode].name)) {
			tlb_clear(CODE1_ENTRY);
			RUN(msr | IS, I_NOP);
			want_interrupt(INSTRUCTION_MISS, 0, msr | IS);
			tlb_set(CODE1_ENTRY, 0, CODE | VALID | SPACE1 | SIZE_4K, CODE_AT, UX | SX | SR);
			RUN(msr | IS, I_NOP);
			want_end(1, msr | IS);
			tlb_clear(CODE_ENTRY);
			RUN(msr | IS, I_NOP);
			want_end(1, msr | IS);
			RUN(msr, I_NOP);
			want_interrupt(INSTRUCTION_MISS, 0, msr);
			end();
		}
	}
	/* Instructions of space 1 are others than those at the same address in space 0. */
	if (begin(ALL, "space", "one-address", 0)) {
		*at(DATA_AT) = I_LI(5, 0x111);
		*at(DATA_AT + 4) = I_SC;
		coherent(DATA_AT);
		tlb_set(CODE1_ENTRY, 0, CODE | VALID | SPACE1 | SIZE_4K, DATA_AT, UX | SX);
		for (u32 i = 0; i < 4; i++) {
			RUN(i % 2 ? PR | IS : PR, I_LI(5, 0x222));
			want_end(1, i % 2 ? PR | IS : PR);
			want("r5", frame.gpr[5], i % 2 ? 0x111 : 0x222);
		}
		end();
	}
}

static void misses(void)
{
	if (begin(ALL, "tlb", "miss", "store")) {
		frame.gpr[8] = PAGES;
		run(PR, &STORE, 1);
		want_interrupt(DATA_MISS, 0, PR);
		want("DEAR", frame.dear, PAGES);
		want("ESR", frame.esr, ST);
		end();
	}
	if (begin(ALL, "tlb", "miss", "lmw")) { /* its second part is on a page that is not there */
		map(MINE, 0, 0, PAGES_AT);
		frame.gpr[8] = PAGES + 0xFF8;
		RUN(PR, 46u << 26 | 28 << 21 | 8 << 16);
		want_interrupt(DATA_MISS, 0, PR);
		want("DEAR", frame.dear, PAGES + 0x1000);
		want("ESR", frame.esr, 0);
		end();
	}
	if (begin(ALL, "tlb", "miss", "update")) { /* lwzu leaves the address as it was */
		frame.gpr[8] = PAGES - 4;
		RUN(0, 33u << 26 | 5 << 21 | 8 << 16 | 4);
		want_interrupt(DATA_MISS, 0, 0);
		want("DEAR", frame.dear, PAGES);
		want("r8", frame.gpr[8], PAGES - 4);
		end();
	}
	/* QEMU writes DEAR as well. */
	if (begin(VM_ONLY, "tlb", "miss", "instruction-DEAR")) {
		MTSPR(DEAR, 0x12345678);
		MTSPR(SRR0, 0);
		frame.gpr[8] = PAGES;
		RUN(PR, I_MTSPR(9, 8), 0x4E800420);
		want("interrupt", frame.vector, INSTRUCTION_MISS);
		want("SRR0", frame.srr0, PAGES);
		want("DEAR", frame.dear, 0x12345678);
		end();
	}
}

void tlb_cases(void)
{
	reading_and_writing();
	changing();
	searching();
	process_ids();
	spaces();
	misses();
}
