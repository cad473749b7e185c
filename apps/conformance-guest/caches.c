/* Cache instructions: what faults and what does not. */
#include "guest.h"

#define NOWHERE 0x70000000u
#define MINE 40

static const struct {
	const char *name;
	u32 word;
	int faults; /* 1 as a load, 2 as a store, where nothing is mapped */
} BLOCKS[] = {
	{ "dcbz", X(1014, 0, 0, 8), 2 }, { "dcbst", X(54, 0, 0, 8), 1 }, { "dcbf", X(86, 0, 0, 8), 1 },
	{ "dcbt", X(278, 0, 0, 8), 0 },	 { "dcbtst", X(246, 0, 0, 8), 0 }, { "dcba", X(758, 0, 0, 8), 0 },
	{ "icbt", X(22, 0, 0, 8), 0 },
};

static const struct {
	const char *name;
	u32 word;
} KERNEL[] = {
	{ "dcbi", X(470, 0, 0, 8) },   { "dccci", X(454, 0, 0, 8) }, { "iccci", X(966, 0, 0, 8) },
	{ "icread", X(998, 0, 0, 8) }, { "dcread", X(486, 5, 0, 8) },
};

void cache_cases(void)
{
	for (u32 i = 0; i < sizeof KERNEL / sizeof *KERNEL; i++) {
		if (!begin(ALL, "kernel", KERNEL[i].name, 0))
			continue;
		frame.gpr[8] = DATA_PAGE;
		RUN(0, KERNEL[i].word);
		want_end(1, 0);
		end();
	}
	for (u32 i = 0; i < sizeof BLOCKS / sizeof *BLOCKS; i++) {
		if (!begin(ALL, "cache", "unmapped", BLOCKS[i].name))
			continue;
		frame.gpr[8] = NOWHERE;
		RUN(PR, BLOCKS[i].word);
		if (BLOCKS[i].faults) {
			want_interrupt(DATA_MISS, 0, PR);
			want("DEAR", frame.dear, NOWHERE);
			want("ESR", frame.esr, BLOCKS[i].faults == 2 ? ST : 0);
		} else {
			want_end(1, PR);
		}
		end();
	}
	for (u32 user = 0; user < 2; user++) {
		if (!begin(ALL, "cache", "dcbz", user ? "user" : "kernel"))
			continue;
		for (u32 i = 0; i < 24; i++)
			*at(DATA_AT + 4 * i) = 0x99999999;
		frame.gpr[8] = DATA_PAGE + 0x2C;
		RUN(user ? PR : 0, BLOCKS[0].word);
		want_end(1, user ? PR : 0);
		for (u32 i = 0; i < 24; i++)
			want("word", *at(DATA_AT + 4 * i), i >= 8 && i < 16 ? 0 : 0x99999999);
		end();
	}
	/* New instructions where others have run, and the whole cache invalidated in place of their lines. */
	if (begin(ALL, "cache", "iccci", "new-code")) {
		for (u32 value = 1; value < 6; value++) {
			*at(CODE_AT + 0x200) = I_LI(5, value);
			*at(CODE_AT + 0x204) = I_SC;
			__asm__ volatile("dcbst 0, %0; msync; iccci 0, %0; isync" : : "r"(CODE_AT + 0x200) : "memory");
			run_from(0x80, 0);
			want("interrupt", frame.vector, SYSTEM_CALL);
			want("r5", frame.gpr[5], value);
		}
		end();
	}
	if (begin(ALL, "cache", "dcbz", "rights")) {
		tlb_set(MINE, 0, PAGES | VALID | SIZE_4K, PAGES_AT, UR | SR | SW);
		frame.gpr[8] = PAGES;
		RUN(PR, BLOCKS[0].word);
		want_interrupt(DATA, 0, PR);
		want("ESR", frame.esr, ST);
		want("DEAR", frame.dear, PAGES);
		end();
	}
}
