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

/* Addresses and branches are not watched: their registers keep what they are given, and no event comes. */
static void addresses(void)
{
	static const struct {
		const char *name;
		u32 events, number, value;
	} EVENTS[] = {
		{ "IAC1", 0x00800000, 312, CODE + 4 },	   { "IAC2", 0x00400000, 313, CODE + 4 },
		{ "IAC3", 0x00200000, 314, CODE + 4 },	   { "IAC4", 0x00100000, 315, CODE + 4 },
		{ "DAC1-read", 0x00080000, 316, DATA_PAGE }, { "DAC1-write", 0x00040000, 316, DATA_PAGE },
		{ "DAC2-read", 0x00020000, 317, DATA_PAGE }, { "DAC2-write", 0x00010000, 317, DATA_PAGE },
		{ "branch", 0x04000000, 319, 0x11223344 },
	};
	for (u32 i = 0; i < sizeof EVENTS / sizeof *EVENTS; i++) {
		if (!begin(VM_ONLY, "debug", "unwatched", EVENTS[i].name))
			continue;
		frame.gpr[5] = EVENTS[i].number;
		frame.gpr[6] = EVENTS[i].value;
		frame.gpr[8] = DATA_PAGE;
		RUN(0, I_MTSPR(EVENTS[i].number, 6));
		want_end(1, 0);
		WATCHED(IDM | EVENTS[i].events, DE, 0x48000004 /* b .+4 */, I_LWZ(5, 0, 8), I_STW(5, 0, 8), I_MFSPR(7, DBCR0),
			I_MFSPR(9, EVENTS[i].number));
		want_end(5, DE);
		want("DBSR", MFSPR(DBSR), 0);
		want("DBCR0", frame.gpr[7], IDM | EVENTS[i].events);
		want("its register", frame.gpr[9], EVENTS[i].value);
		end();
	}
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
	/* The loop that flushes the TLB is no single instruction. */
	if (begin(ALL, "debug", "kernel", "flush")) {
		frame.gpr[3] = 40;
		frame.gpr[6] = 63;
		WATCHED(IDM | ICMP, DE, I_TLBWE(3, 3, 0), 0x38630001 /* addi r3, r3, 1 */, X(0, 0, 3, 6), 0x4081FFF4 /* ble */);
		want_debug(CODE + 4, DE, ICMP);
		want("r3", frame.gpr[3], 40);
		end();
	}
	/* Out of the kernel by a return that switches steps on: one instruction of the user's. */
	if (begin(ALL, "debug", "kernel", "return")) {
		frame.gpr[6] = CODE + 12;
		frame.gpr[7] = PR | DE;
		WATCHED(IDM | ICMP, 0, I_MTSPR(SRR0, 6), I_MTSPR(SRR1, 7), I_RFI, I_LI(5, 7), I_LI(5, 8));
		want_debug(CODE + 16, PR | DE, ICMP);
		want("r5", frame.gpr[5], 7);
		end();
	}
	/* A device's registers: in a machine the step may end one instruction later, never more. */
	if (begin(ALL, "debug", "kernel", "device")) {
		frame.gpr[8] = 0xEF600300;
		frame.gpr[5] = 0xA5A5A5A5;
		WATCHED(IDM | ICMP, DE, 34u << 26 | 5 << 21 | 8 << 16 | 5 /* lbz r5, 5(r8) */, I_LI(6, 7), I_LI(6, 8));
		want("CSRR0", frame.csrr0 == CODE + 4 || (in_vm && frame.csrr0 == CODE + 8), 1);
		want_debug(frame.csrr0, DE, ICMP);
		want("r5", frame.gpr[5] & 0x60, 0x60);
		end();
	}
	if (begin(ALL, "debug", "kernel", "dcr")) {
		MTDCR(0xC4, 0x12345678);
		WATCHED(IDM | ICMP, DE, I_MFDCR(5, 0xC4), I_LI(6, 7), I_LI(6, 8));
		want("CSRR0", frame.csrr0 == CODE + 4 || (in_vm && frame.csrr0 == CODE + 8), 1);
		want_debug(frame.csrr0, DE, ICMP);
		want("r5", frame.gpr[5], 0x12345678);
		end();
	}
	addresses();
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
