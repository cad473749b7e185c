/* Returns from interrupts. */
#include "guest.h"

static const struct {
	const char *name;
	u32 word, pc, msr;
} RETURNS[] = {
	{ "rfi", I_RFI, SRR0, SRR1 },
	{ "rfci", I_RFCI, CSRR0, CSRR1 },
	{ "rfmci", I_RFMCI, MCSRR0, MCSRR1 },
};

/* MSRs that a return may go to. */
static const struct {
	const char *name;
	u32 msr;
} TARGETS[] = {
	{ "kernel", 0 }, { "user", PR }, { "spaces", IS | DS }, { "all", EE | PR | FP | ME | IS | DS },
};

/* Returns to the sixth word. */
static void go(u32 which, u32 target)
{
	frame.gpr[6] = CODE + 20;
	frame.gpr[7] = target;
	RUN(0, I_MTSPR(RETURNS[which].pc, 6), I_MTSPR(RETURNS[which].msr, 7), RETURNS[which].word, I_NOP, I_NOP);
}

void return_cases(void)
{
	for (u32 which = 0; which < 3; which++) {
		for (u32 i = 0; i < sizeof TARGETS / sizeof *TARGETS; i++) {
			if (!begin(ALL, "return", RETURNS[which].name, TARGETS[i].name))
				continue;
			go(which, TARGETS[i].msr);
			want_end(5, TARGETS[i].msr);
			end();
		}
		/* The registers it returns by are its own, and stay. */
		if (begin(ALL, "return", RETURNS[which].name, "keeps")) {
			MTSPR(CSRR0, 0x1110);
			MTSPR(MCSRR0, 0x2220);
			go(which, 0);
			want("CSRR0", frame.csrr0, which == 1 ? CODE + 20 : 0x1110);
			want("MCSRR0", MFSPR(MCSRR0), which == 2 ? CODE + 20 : 0x2220);
			end();
		}
		/* To an address that nothing maps: the miss is the target's. */
		if (begin(ALL, "return", RETURNS[which].name, "unmapped")) {
			frame.gpr[6] = 0x70000000;
			frame.gpr[7] = PR;
			RUN(0, I_MTSPR(RETURNS[which].pc, 6), I_MTSPR(RETURNS[which].msr, 7), RETURNS[which].word);
			want("interrupt", frame.vector, INSTRUCTION_MISS);
			want("SRR0", frame.srr0, 0x70000000);
			want("SRR1", frame.srr1, PR);
			end();
		}
	}
}
