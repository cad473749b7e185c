/* Loads and stores of every form that do not get through: which interrupt, its address and its syndrome. */
#include "guest.h"

#define MINE 40

static const struct {
	const char *name;
	u32 word;
	u32 store, floats;
} FORMS[] = {
	{ "lbz", 34u << 26 | 5 << 21 | 8 << 16, 0, 0 },
	{ "lbzu", 35u << 26 | 5 << 21 | 8 << 16, 0, 0 },
	{ "lbzx", X(87, 5, 8, 9), 0, 0 },
	{ "lhz", 40u << 26 | 5 << 21 | 8 << 16, 0, 0 },
	{ "lha", 42u << 26 | 5 << 21 | 8 << 16, 0, 0 },
	{ "lhbrx", X(790, 5, 8, 9), 0, 0 },
	{ "lwzux", X(55, 5, 8, 9), 0, 0 },
	{ "lwbrx", X(534, 5, 8, 9), 0, 0 },
	{ "lwarx", X(20, 5, 8, 9), 0, 0 },
	{ "lmw", 46u << 26 | 29 << 21 | 8 << 16, 0, 0 },
	{ "lswi", X(597, 5, 8, 4), 0, 0 },
	{ "lswx", X(533, 20, 8, 9), 0, 0 },
	{ "stb", 38u << 26 | 5 << 21 | 8 << 16, ST, 0 },
	{ "stbu", 39u << 26 | 5 << 21 | 8 << 16, ST, 0 },
	{ "sth", 44u << 26 | 5 << 21 | 8 << 16, ST, 0 },
	{ "sthbrx", X(918, 5, 8, 9), ST, 0 },
	{ "stwux", X(183, 5, 8, 9), ST, 0 },
	{ "stwbrx", X(662, 5, 8, 9), ST, 0 },
	{ "stmw", 47u << 26 | 29 << 21 | 8 << 16, ST, 0 },
	{ "stswi", X(725, 5, 8, 4), ST, 0 },
	{ "stswx", X(661, 20, 8, 9), ST, 0 },
	{ "lfs", 48u << 26 | 5 << 21 | 8 << 16, 0, FP },
	{ "lfdx", X(599, 5, 8, 9), 0, FP },
	{ "stfsu", 53u << 26 | 5 << 21 | 8 << 16, ST, FP },
	{ "stfd", 54u << 26 | 5 << 21 | 8 << 16, ST, FP },
	{ "stfiwx", X(983, 5, 8, 9), ST, FP },
};

static void want_fault(u32 vector, u32 index, u32 msr)
{
	want_interrupt(vector, 0, msr);
	want("DEAR", frame.dear, PAGES);
	/* ESR[FP] says that it was a floating-point access; QEMU, which is below in both runs, does not. */
	want("ESR", frame.esr & ~(u32)FPO, FORMS[index].store);
	want("r5", frame.gpr[5], 0xA5000005);
	want("r8", frame.gpr[8], PAGES);
	want("r29", frame.gpr[29], 0xA500001D);
}

static void forms(void)
{
	static const struct {
		const char *name;
		u32 msr;
	} MODES[] = { { "kernel", 0 }, { "user", PR } };
	for (u32 mode = 0; mode < 2; mode++) {
		for (u32 i = 0; i < sizeof FORMS / sizeof *FORMS; i++) {
			if (!begin(ALL, "fault", MODES[mode].name, FORMS[i].name))
				continue;
			u32 msr = MODES[mode].msr | FORMS[i].floats;
			frame.gpr[8] = PAGES;
			frame.gpr[9] = 0;
			frame.xer = 8;
			run(msr, &FORMS[i].word, 1);
			want_fault(DATA_MISS, i, msr);
			/* Mapped for the other state, and for what the form does not do. */
			u32 mine = FORMS[i].store ? UR | UX | SR | SX : UW | UX | SW | SX;
			tlb_set(MINE, 0, PAGES | VALID | SIZE_4K, PAGES_AT, mine);
			run(msr, &FORMS[i].word, 1);
			want_fault(DATA, i, msr);
			tlb_set(MINE, 0, PAGES | VALID | SIZE_4K, PAGES_AT, mode ? SW | SR | SX : UW | UR | UX);
			run(msr, &FORMS[i].word, 1);
			want_fault(DATA, i, msr);
			end();
		}
	}
}

/* A word whose second half is on another page. */
static void halves(void)
{
	static const struct {
		const char *name;
		u32 word, store;
	} WORDS[] = { { "lwz", I_LWZ(5, 0xFFE, 8), 0 }, { "stw", I_STW(5, 0xFFE, 8), ST } };
	for (u32 i = 0; i < 2; i++) {
		if (begin(ALL, "fault", "second-half", WORDS[i].name)) {
			tlb_set(MINE, 0, PAGES | VALID | SIZE_4K, PAGES_AT, UR | UW);
			frame.gpr[8] = PAGES;
			*at(PAGES_AT + 0xFFC) = 0x11112222;
			run(PR, &WORDS[i].word, 1);
			want_interrupt(DATA_MISS, 0, PR);
			want("DEAR", frame.dear & ~0xFFFu, PAGES + 0x1000);
			want("ESR", frame.esr, WORDS[i].store);
			want("memory", *at(PAGES_AT + 0xFFC), 0x11112222);
			end();
		}
		if (begin(ALL, "fault", "both-halves", WORDS[i].name)) {
			tlb_set(MINE, 0, PAGES | VALID | SIZE_4K, PAGES_AT, UR | UW);
			tlb_set(MINE + 1, 0, (PAGES + 0x1000) | VALID | SIZE_4K, PAGES_AT + 0x3000, UR | UW);
			frame.gpr[8] = PAGES;
			*at(PAGES_AT + 0xFFC) = 0x11112222;
			*at(PAGES_AT + 0x3000) = 0x33334444;
			run(PR, &WORDS[i].word, 1);
			want_end(1, PR);
			want("r5", frame.gpr[5], WORDS[i].store ? 0xA5000005 : 0x22223333);
			want("first", *at(PAGES_AT + 0xFFC), WORDS[i].store ? 0x1111A500 : 0x11112222);
			want("second", *at(PAGES_AT + 0x3000), WORDS[i].store ? 0x00054444 : 0x33334444);
			end();
		}
	}
}

/* Reservations. */
static void atomic(void)
{
	static const struct {
		const char *name;
		u32 msr;
	} MODES[] = { { "kernel", 0 }, { "user", PR } };
	for (u32 mode = 0; mode < 2; mode++) {
		u32 msr = MODES[mode].msr;
		if (begin(ALL, "atomic", MODES[mode].name, "stored")) {
			*at(DATA_AT) = 0x1234;
			frame.gpr[8] = DATA_PAGE;
			frame.gpr[6] = 0x5678;
			RUN(msr, X(20, 5, 0, 8), X(150, 6, 0, 8) | 1);
			want_end(2, msr);
			want("r5", frame.gpr[5], 0x1234);
			want("CR0", frame.cr >> 28, 2);
			want("memory", *at(DATA_AT), 0x5678);
			end();
		}
		if (begin(ALL, "atomic", MODES[mode].name, "not-held")) {
			*at(DATA_AT) = 0x1234;
			frame.gpr[8] = DATA_PAGE;
			frame.gpr[9] = DATA_PAGE + 64;
			frame.xer = 0x80000000;
			/* The second finds no reservation. */
			RUN(msr, X(20, 5, 0, 9), X(150, 6, 0, 9) | 1, X(150, 6, 0, 8) | 1);
			want_end(3, msr);
			want("CR0", frame.cr >> 28, 1);
			want("memory", *at(DATA_AT), 0x1234);
			end();
		}
	}
}

void fault_cases(void)
{
	forms();
	halves();
	atomic();
}
