/* Debug interrupts: single steps and traps. What QEMU's 440 has of them runs natively too. */
#include "guest.h"

enum { IDM = 0x40000000, ICMP = 0x08000000, TRAPS = 0x01000000 };
enum { DBSR = 304 };

/* Runs with these events asked for, and with none afterwards. */
#define WATCHED(dbcr0, msr, ...)              \
	do {                                  \
		MTSPR(DBSR, 0xFFFFFFFF);      \
		MTSPR(DBCR0, dbcr0);          \
		RUN(msr, __VA_ARGS__);        \
		MTSPR(DBCR0, 0);              \
	} while (0)

static void want_debug(u32 address, u32 msr, u32 event)
{
	want("interrupt", frame.vector, DEBUG);
	want("CSRR0", frame.csrr0, address);
	want("CSRR1", frame.csrr1, msr);
	want("DBSR", MFSPR(DBSR), event);
	want("MSR on entry", frame.entry & ~ME, 0);
	MTSPR(DBSR, 0xFFFFFFFF);
	want("DBSR after", MFSPR(DBSR), 0);
}

static void steps(void)
{
	static const struct {
		const char *name;
		u32 msr;
	} MODES[] = { { "kernel", DE }, { "user", DE | PR } };
	for (u32 mode = 0; mode < 2; mode++) {
		u32 msr = MODES[mode].msr;
		if (begin(ALL, "debug", MODES[mode].name, "step")) {
			WATCHED(IDM | ICMP, msr, I_LI(5, 7), I_LI(5, 8));
			want_debug(CODE + 4, msr, ICMP);
			want("r5", frame.gpr[5], 7);
			end();
		}
		if (begin(ALL, "debug", MODES[mode].name, "load")) {
			*at(DATA_AT) = 0x12345678;
			frame.gpr[8] = DATA_PAGE;
			WATCHED(IDM | ICMP, msr, I_LWZ(5, 0, 8), I_LI(5, 8));
			want_debug(CODE + 4, msr, ICMP);
			want("r5", frame.gpr[5], 0x12345678);
			end();
		}
		if (begin(ALL, "debug", MODES[mode].name, "branch")) {
			WATCHED(IDM | ICMP, msr, 0x4800000C, I_LI(5, 7), I_LI(5, 8));
			want_debug(CODE + 12, msr, ICMP);
			want("r5", frame.gpr[5], 0xA5000005);
			end();
		}
		/* An instruction that does not complete is no step. Its interrupt keeps DE, which QEMU clears, so the step is in
		 * the handler: at its first instruction, but for QEMU, which is below and makes none from 0x100 to 0xF00. */
		if (begin(VM_ONLY, "debug", MODES[mode].name, "miss")) {
			frame.gpr[8] = PAGES;
			WATCHED(IDM | ICMP, msr, I_LWZ(5, 0, 8));
			want("in the handler", frame.csrr0 > VECTORS && frame.csrr0 < CODE, 1);
			want_debug(frame.csrr0, DE, ICMP);
			want("SRR0", frame.srr0, CODE);
			want("SRR1", frame.srr1, msr);
			want("DEAR", frame.dear, PAGES);
			end();
		}
		if (begin(ALL, "debug", MODES[mode].name, "without-DE")) {
			WATCHED(IDM | ICMP, msr & ~DE, I_LI(5, 7));
			want_end(1, msr & ~DE);
			want("r5", frame.gpr[5], 7);
			end();
		}
		if (begin(ALL, "debug", MODES[mode].name, "without-IDM")) {
			WATCHED(0, msr, I_LI(5, 7));
			want_end(1, msr);
			want("r5", frame.gpr[5], 7);
			end();
		}
		/* QEMU has no such event. */
		if (begin(VM_ONLY, "debug", MODES[mode].name, "trap")) {
			WATCHED(IDM | TRAPS, msr, I_NOP, I_TRAP);
			want_debug(CODE + 4, msr, TRAPS);
			end();
		}
		if (begin(ALL, "debug", MODES[mode].name, "trap-without-DE")) {
			WATCHED(IDM | TRAPS, msr & ~DE, I_NOP, I_TRAP);
			want_interrupt(PROGRAM, 1, msr & ~DE);
			want("ESR", frame.esr, PTR);
			end();
		}
	}
	/* Privileged instructions one by one, although they could be taken at once. */
	if (begin(ALL, "debug", "kernel", "privileged")) {
		MTSPR(SPRG0, 0);
		WATCHED(IDM | ICMP, DE, I_MTSPR(SPRG0, 5), I_MTSPR(SPRG0, 6));
		want_debug(CODE + 4, DE, ICMP);
		want("SPRG0", MFSPR(SPRG0), 0xA5000005);
		end();
	}
	if (begin(ALL, "debug", "kernel", "mtmsr")) { /* which switches them on: the next instruction is the first */
		frame.gpr[6] = DE;
		WATCHED(IDM | ICMP, 0, I_MTMSR(6), I_ISYNC, I_LI(5, 7), I_LI(5, 8));
		want("interrupt", frame.vector, DEBUG);
		want("CSRR0", frame.csrr0 == CODE + 4 || frame.csrr0 == CODE + 8, 1);
		want("r5", frame.gpr[5], 0xA5000005);
		MTSPR(DBSR, 0xFFFFFFFF);
		end();
	}
	/* A whole program, step by step, through rfci. */
	if (begin(ALL, "debug", "user", "program")) {
		static const u32 PROGRAM_OF[] = { I_LI(5, 3), I_LI(6, 4), 0x7CE53214 /* add r7, r5, r6 */, I_NOP, I_SC };
		for (u32 i = 0; i < 5; i++) {
			*at(CODE_AT + 0x200 + 4 * i) = PROGRAM_OF[i];
			coherent(CODE_AT + 0x200 + 4 * i);
		}
		*at(CODE_AT + 0x100) = I_RFCI;
		coherent(CODE_AT + 0x100);
		MTSPR(DBSR, 0xFFFFFFFF);
		MTSPR(DBCR0, IDM | ICMP);
		u32 at_address = CODE + 0x200;
		for (u32 i = 0; i < 4; i++) {
			MTSPR(CSRR0, at_address);
			MTSPR(CSRR1, PR | DE);
			frame.pc = CODE + 0x100;
			frame.msr = 0;
			enter();
			at_address += 4;
			want("interrupt", frame.vector, DEBUG);
			want("CSRR0", frame.csrr0, at_address);
			want("CSRR1", frame.csrr1, PR | DE);
			MTSPR(DBSR, ICMP);
		}
		MTSPR(DBCR0, 0);
		want("r7", frame.gpr[7], 7);
		end();
	}
}

void debug_cases(void)
{
	steps();
}
