/* Floating point: that the unit works, and that its registers are the guest's own. */
#include "guest.h"

#define A_FORM(op, xo, t, a, b, c) ((u32)(op) << 26 | (t) << 21 | (a) << 16 | (b) << 11 | (c) << 6 | (xo) << 1)
#define I_LFD(t, d, a) (50u << 26 | (t) << 21 | (a) << 16 | (d))
#define I_STFD(s, d, a) (54u << 26 | (s) << 21 | (a) << 16 | (d))
#define I_LFS(t, d, a) (48u << 26 | (t) << 21 | (a) << 16 | (d))
#define I_STFS(s, d, a) (52u << 26 | (s) << 21 | (a) << 16 | (d))

/* 1.5 and 2.25 come in f1 and f2; the result goes out of f3. */
static const struct {
	const char *name;
	u32 word, upper, lower;
} SUMS[] = {
	{ "fadd", A_FORM(63, 21, 3, 1, 2, 0), 0x400E0000, 0 },
	{ "fsub", A_FORM(63, 20, 3, 1, 2, 0), 0xBFE80000, 0 },
	{ "fmul", A_FORM(63, 25, 3, 1, 0, 2), 0x400B0000, 0 },
	{ "fdiv", A_FORM(63, 18, 3, 1, 2, 0), 0x3FE55555, 0x55555555 },
	{ "fmadd", A_FORM(63, 29, 3, 1, 2, 2), 0x40168000, 0 },
	{ "fdivs", A_FORM(59, 18, 3, 1, 2, 0), 0x3FE55555, 0x60000000 },
	{ "fneg", A_FORM(63, 40, 3, 0, 2, 0), 0xC0020000, 0 },
	{ "fsel", A_FORM(63, 23, 3, 1, 1, 2), 0x40020000, 0 },
};

static void operands(void)
{
	*at(DATA_AT) = 0x3FF80000;
	*at(DATA_AT + 4) = 0;
	*at(DATA_AT + 8) = 0x40020000;
	*at(DATA_AT + 12) = 0;
	frame.gpr[8] = DATA_PAGE;
}

static void all_kept(u32 round)
{
	enum { DIE = 0x04000000, TICKS = 20000 };
	u32 words[32];
	for (u32 i = 0; i < 32; i++) {
		*at(DATA_AT + 8 * i) = (0x40000000 | i << 8 | round) ^ salt;
		*at(DATA_AT + 8 * i + 4) = i;
		words[i] = I_LFD(i, 8 * i, 8);
	}
	frame.gpr[8] = DATA_PAGE;
	run(FP, words, 32);
	want_end(32, FP);
	(void)MFDCR(0xC0);
	(void)*(volatile u8 *)0xEF600307;
	MTSPR(TSR, 0xFC000000);
	MTSPR(TCR, DIE);
	MTSPR(DEC, TICKS);
	if (round % 2) {
		frame.gpr[6] = WE | EE;
		RUN(0, I_MTMSR(6), I_ISYNC);
	} else {
		frame.ctr = 0;
		RUN(PR | EE, I_BDNZ_SELF);
	}
	want("interrupt", frame.vector, DECREMENTER);
	MTSPR(TCR, 0);
	for (u32 i = 0; i < 32; i++)
		words[i] = I_STFD(i, 0x200 + 8 * i, 8);
	run(round % 4 < 2 ? PR | FP : FP, words, 32);
	for (u32 i = 0; i < 64; i++)
		want("register", *at(DATA_AT + 0x200 + 4 * i), *at(DATA_AT + 4 * i));
}

void float_cases(void)
{
	for (u32 i = 0; i < sizeof SUMS / sizeof *SUMS; i++) {
		if (!begin(ALL, "fp", SUMS[i].name, 0))
			continue;
		operands();
		RUN(PR | FP, I_LFD(1, 0, 8), I_LFD(2, 8, 8), SUMS[i].word, I_STFD(3, 16, 8));
		want_end(4, PR | FP);
		want("upper", *at(DATA_AT + 16), SUMS[i].upper);
		want("lower", *at(DATA_AT + 20), SUMS[i].lower);
		end();
	}
	if (begin(ALL, "fp", "fctiwz", 0)) {
		operands();
		RUN(FP, I_LFD(2, 8, 8), A_FORM(63, 15, 3, 0, 2, 0), I_STFD(3, 16, 8));
		want_end(3, FP);
		want("integer", *at(DATA_AT + 20), 2);
		end();
	}
	if (begin(ALL, "fp", "fcmpu", 0)) {
		operands();
		RUN(FP, I_LFD(1, 0, 8), I_LFD(2, 8, 8), 63u << 26 | 1 << 16 | 2 << 11);
		want_end(3, FP);
		want("CR0", frame.cr >> 28, 8);
		end();
	}
	if (begin(ALL, "fp", "single", 0)) {
		operands();
		RUN(PR | FP, I_LFD(1, 0, 8), I_STFS(1, 16, 8), I_LFS(4, 16, 8), I_STFD(4, 24, 8));
		want_end(4, PR | FP);
		want("single", *at(DATA_AT + 16), 0x3FC00000);
		want("double", *at(DATA_AT + 24), 0x3FF80000);
		end();
	}
	if (begin(ALL, "fp", "FPSCR", 0)) {
		operands();
		*at(DATA_AT + 12) = 3; /* rounding */
		RUN(PR | FP, I_LFD(2, 8, 8), 63u << 26 | 0xFF << 17 | 2 << 11 | 711 << 1, A_FORM(63, 583, 3, 0, 0, 0),
		    I_STFD(3, 16, 8), I_LFD(2, 0, 8), 63u << 26 | 0xFF << 17 | 2 << 11 | 711 << 1);
		want_end(6, PR | FP);
		want("FPSCR", *at(DATA_AT + 20), 3);
		end();
	}
	/* What one mode leaves another finds, whatever was off between. */
	if (begin(ALL, "fp", "kept", 0)) {
		operands();
		RUN(PR | FP, I_LFD(5, 0, 8), I_LFD(31, 8, 8));
		want_end(2, PR | FP);
		RUN(PR, A_FORM(63, 21, 5, 5, 5, 0));
		want_interrupt(FLOATS, 0, PR);
		RUN(0, I_NOP);
		RUN(FP, I_STFD(5, 16, 8), I_STFD(31, 24, 8));
		want_end(2, FP);
		want("f5", *at(DATA_AT + 16), 0x3FF80000);
		want("f31", *at(DATA_AT + 24), 0x40020000);
		end();
	}
	/* All of them, while the guest waits, meets devices and takes interrupts: other domains use the unit meanwhile. */
	if (begin(ALL, "fp", "all-kept", 0)) {
		for (u32 round = 0; round < 40; round++)
			all_kept(round);
		end();
	}
	if (begin(ALL, "fp", "on-demand", 0)) { /* as kernels do: the interrupt, then the same instruction again */
		operands();
		frame.gpr[6] = FP;
		RUN(0, I_LFD(1, 0, 8));
		want_interrupt(FLOATS, 0, 0);
		RUN(0, I_MTMSR(6), I_ISYNC, I_LFD(1, 0, 8), I_STFD(1, 16, 8));
		want_end(4, FP);
		want("f1", *at(DATA_AT + 16), 0x3FF80000);
		end();
	}
}
