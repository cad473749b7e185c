/* Interrupts that instructions raise, what they leave, and where they go. */
#include "guest.h"

static const struct {
	const char *name;
	u32 msr;
} MODES[] = { { "kernel", 0 }, { "user", PR } };

#define I_LWARX(t, a, b) X(20, t, a, b)
#define I_ISEL(t, a, b) X(15, t, a, b)
#define I_TWEQ(a, b) X(4, 4, a, b)

/* Floating-point instructions of every kind. */
static const struct {
	const char *name;
	u32 word;
} FLOATING[] = {
	{ "fadd", 63u << 26 | 3 << 21 | 1 << 16 | 2 << 11 | 21 << 1 },
	{ "fadds", 59u << 26 | 3 << 21 | 1 << 16 | 2 << 11 | 21 << 1 },
	{ "fmr", 63u << 26 | 3 << 21 | 1 << 11 | 72 << 1 },
	{ "mffs", 63u << 26 | 3 << 21 | 583 << 1 },
	{ "lfd", 50u << 26 | 3 << 21 | 8 << 16 },
	{ "stfd", 54u << 26 | 3 << 21 | 8 << 16 },
	{ "lfsx", X(535, 3, 0, 8) },
	{ "stfiwx", X(983, 3, 0, 8) },
};

static void system_call(void)
{
	for (u32 mode = 0; mode < 2; mode++) {
		u32 msr = MODES[mode].msr;
		if (begin(ALL, MODES[mode].name, "sc", 0)) {
			RUN(msr, I_NOP);
			want_end(1, msr);
			end();
		}
		if (begin(ALL, MODES[mode].name, "trap", 0)) {
			RUN(msr, I_NOP, I_TRAP);
			want_interrupt(PROGRAM, 1, msr);
			want("ESR", frame.esr, PTR);
			end();
		}
		if (begin(ALL, MODES[mode].name, "trap", "untaken")) {
			RUN(msr, I_TWEQ(5, 6));
			want_end(1, msr);
			end();
		}
		if (begin(ALL, MODES[mode].name, "illegal", "zero")) {
			RUN(msr, 0);
			want_interrupt(PROGRAM, 0, msr);
			want("ESR", frame.esr, PIL);
			end();
		}
		if (begin(ALL, MODES[mode].name, "illegal", "isel")) {
			RUN(msr, I_ISEL(5, 6, 7));
			want_interrupt(PROGRAM, 0, msr);
			want("ESR", frame.esr, PIL);
			want("r5", frame.gpr[5], 0xA5000005);
			end();
		}
		if (begin(ALL, MODES[mode].name, "alignment", 0)) {
			frame.gpr[8] = DATA_PAGE + 2;
			RUN(msr, I_LWARX(5, 0, 8));
			want_interrupt(ALIGNMENT, 0, msr);
			want("ESR", frame.esr, 0);
			want("DEAR", frame.dear, DATA_PAGE + 2);
			want("r5", frame.gpr[5], 0xA5000005);
			end();
		}
	}
}

static void no_floats(void)
{
	for (u32 mode = 0; mode < 2; mode++) {
		u32 msr = MODES[mode].msr;
		for (u32 i = 0; i < sizeof FLOATING / sizeof *FLOATING; i++) {
			if (!begin(ALL, MODES[mode].name, "no-fp", FLOATING[i].name))
				continue;
			frame.gpr[8] = DATA_PAGE;
			RUN(msr, FLOATING[i].word);
			want_interrupt(FLOATS, 0, msr);
			want("MSR on entry", frame.entry & ~ME, 0);
			end();
			}
	}
}

/* Every register is as the case left it, and nothing else of it shows in the MSR. */
static void state(void)
{
	for (u32 mode = 0; mode < 2; mode++) {
		u32 msr = MODES[mode].msr;
		if (!begin(ALL, MODES[mode].name, "state", "registers"))
			continue;
		frame.cr = 0x12345678;
		frame.xer = 0xA0000011;
		frame.lr = 0x9ABCDEF0;
		frame.ctr = 0x0FEDCBA9;
		RUN(msr, I_NOP);
		want_end(1, msr);
		for (u32 i = 0; i < 32; i++)
			want("GPR", frame.gpr[i], 0xA5000000 | i);
		want("CR", frame.cr, 0x12345678);
		want("XER", frame.xer, 0xA0000011);
		want("LR", frame.lr, 0x9ABCDEF0);
		want("CTR", frame.ctr, 0x0FEDCBA9);
		end();
	}
	if (begin(ALL, "interrupt", "entry", "clears")) {
		u32 msr = EE | PR | FP | IS | DS;
		RUN(msr, I_NOP);
		want_end(1, msr);
		want("MSR on entry", frame.entry & ~ME, 0);
		end();
	}
	if (begin(ALL, "interrupt", "entry", "keeps-ME")) {
		RUN(ME, I_NOP);
		want_end(1, ME);
		want("MSR on entry", frame.entry, ME);
		end();
	}
	/* QEMU clears CE and DE on every interrupt. */
	static const struct {
		const char *name;
		u32 word, vector;
	} KEEPING[] = { { "sc", I_SC, SYSTEM_CALL }, { "program", I_TRAP, PROGRAM },
			{ "miss", I_LWZ(5, 0, 8), DATA_MISS }, { "fp", 0xFC61102A, FLOATS } };
	for (u32 i = 0; i < 4; i++) {
		if (!begin(VM_ONLY, "interrupt", "entry-keeps", KEEPING[i].name))
			continue;
		frame.gpr[8] = 0x70000000;
		u32 msr = CE | ME | DE | EE | PR;
		RUN(msr, KEEPING[i].word);
		want("interrupt", frame.vector, KEEPING[i].vector);
		want("SRR1", frame.srr1, msr);
		want("MSR on entry", frame.entry, CE | ME | DE);
		end();
	}
}

/* Where nothing lies. QEMU reads 0 there. */
static void machine_checks(void)
{
	static const struct {
		const char *name;
		u32 word, cause;
	} ACCESSES[] = { { "load", I_LWZ(5, 0, 8), 0x20000000 }, { "fetch", I_BLR, 0x40000000 } };
	for (u32 i = 0; i < 2; i++) {
		if (!begin(VM_ONLY, "interrupt", "machine-check", ACCESSES[i].name))
			continue;
		tlb_set(FREE, 0, 0x70000000 | VALID | SIZE_4K, 0xD0000000, INHIBITED | GUARDED | UX | UR | SX | SR);
		frame.gpr[8] = frame.lr = 0x70000000;
		MTSPR(MCSR, 0xFFFFFFFF);
		u32 msr = CE | ME | DE | EE | PR;
		RUN(msr, ACCESSES[i].word);
		want("interrupt", frame.vector, MACHINE_CHECK);
		want("MCSRR1", MFSPR(MCSRR1), msr);
		want("MCSR", MFSPR(MCSR), 0x80000000 | ACCESSES[i].cause);
		want("MSR on entry", frame.entry, 0);
		want("r5", frame.gpr[5], 0xA5000005);
		/* At a load the manual leaves open how far the processor has come. */
		if (ACCESSES[i].word == I_BLR)
			want("MCSRR0", MFSPR(MCSRR0), 0x70000000);
		MTSPR(MCSR, 0xFFFFFFFF);
		want("MCSR after", MFSPR(MCSR), 0);
		end();
	}
}

/* Where nothing lies, with machine checks off: a load gives 0, a store is lost. */
static void without_machine_checks(void)
{
	static const struct {
		const char *name;
		u32 word;
	} ACCESSES[] = { { "load-off", I_LWZ(5, 0, 8) }, { "store-off", I_STW(6, 0, 8) } };
	for (u32 i = 0; i < 2; i++) {
		if (!begin(ALL, "interrupt", "machine-check", ACCESSES[i].name))
			continue;
		tlb_set(FREE, 0, 0x70000000 | VALID | SIZE_4K, 0xD0000000, INHIBITED | GUARDED | UR | UW | SR | SW);
		frame.gpr[8] = 0x70000000;
		RUN(PR, ACCESSES[i].word, I_LI(7, 1));
		want_end(2, PR);
		want("r5", frame.gpr[5], i ? 0xA5000005 : 0);
		want("r7", frame.gpr[7], 1);
		MTSPR(MCSR, 0xFFFFFFFF);
		end();
	}
}

/* A division by zero for a program that wants to know of it: MSR[FE0] and MSR[FE1] let its interrupt come. */
static void float_exceptions(void)
{
	enum { FE0 = 0x800, FE1 = 0x100, ZE = 0x10 };
	static const struct {
		const char *name;
		u32 bits;
	} MODES_OF[] = { { "kernel", 0 }, { "user", PR } }, KINDS[] = { { "ignored", 0 }, { "precise", FE0 | FE1 } };
	for (u32 mode = 0; mode < 2; mode++) {
		for (u32 kind = 0; kind < 2; kind++) {
			if (!begin(ALL, MODES_OF[mode].name, "float-exception", KINDS[kind].name))
				continue;
			u32 msr = MODES_OF[mode].bits | FP | KINDS[kind].bits;
			*at(DATA_AT) = 0x3FF00000;
			*at(DATA_AT + 4) = *at(DATA_AT + 8) = *at(DATA_AT + 12) = 0;
			*at(DATA_AT + 20) = ZE;
			*at(DATA_AT + 16) = 0;
			frame.gpr[8] = DATA_PAGE;
			/* lfd f3, 16(r8); mtfsf 255, f3; lfd f1, 0(r8); lfd f2, 8(r8); fdiv f4, f1, f2 */
			RUN(msr, 0xC8680010, 0xFDFE1D8E, 0xC8280000, 0xC8480008, 0xFC811024, I_LI(5, 7));
			if (kind) {
				want_interrupt(PROGRAM, 4, msr);
				want("ESR", frame.esr & (PIL | PPR | PTR), 0);
				want("r5", frame.gpr[5], 0xA5000005);
			} else {
				want_end(6, msr);
				want("r5", frame.gpr[5], 7);
			}
			/* Without exceptions for whoever is next. */
			*at(DATA_AT + 20) = 0;
			RUN(FP, 0xC8680010, 0xFDFE1D8E);
			end();
		}
	}
}

/* The vectors lie where IVPR and the IVORs say. */
static void places(void)
{
	if (begin(ALL, "interrupt", "IVOR", 0)) {
		MTSPR(IVOR0 + SYSTEM_CALL, VECTORS + 16 * AUXILIARY);
		RUN(0, I_NOP);
		MTSPR(IVOR0 + SYSTEM_CALL, VECTORS + 16 * SYSTEM_CALL);
		want_interrupt(AUXILIARY, 2, 0);
		end();
	}
	if (begin(ALL, "interrupt", "IVPR", 0)) {
		for (u32 offset = 0; offset < 0x100; offset += 4) {
			u32 word = vectors[offset / 4];
			*at(MOVED_VECTORS + offset) = offset % 16 == 4 ? word + 16 : word;
			coherent(MOVED_VECTORS + offset);
		}
		MTSPR(IVPR, MOVED_VECTORS & 0xFFFF0000);
		RUN(PR, I_NOP);
		MTSPR(IVPR, 0);
		want_interrupt(SYSTEM_CALL + 16, 2, PR);
		end();
	}
}

void interrupt_cases(void)
{
	system_call();
	no_floats();
	state();
	machine_checks();
	without_machine_checks();
	float_exceptions();
	places();
}
