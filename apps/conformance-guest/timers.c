/* Timers, and interrupts that wait until they are let in. */
#include "guest.h"

enum { DIE = 0x04000000, ARE = 0x00400000, FIE = 0x00800000, WIE = 0x08000000 };
enum { ENW = 0x80000000, WIS = 0x40000000, DIS = 0x08000000, FIS = 0x04000000 };

static u32 now(void)
{
	u32 value;
	__asm__ volatile("mftbl %0" : "=r"(value));
	return value;
}

/* Lets the decrementer reach 0. */
static void expire(void)
{
	MTSPR(TSR, DIS);
	MTSPR(DEC, 1);
	while (!(MFSPR(TSR) & DIS))
		;
}

/* Turns round on one instruction, that often. */
static void turn(u32 msr, u32 turns)
{
	frame.ctr = turns;
	RUN(msr, I_BDNZ_SELF);
}

static void decrementer(void)
{
	if (begin(ALL, "dec", "user", 0)) {
		MTSPR(TCR, DIE);
		MTSPR(DEC, 2000);
		turn(EE | PR, 0x40000000);
		want_interrupt(DECREMENTER, 0, EE | PR);
		want("TSR", MFSPR(TSR) & DIS, DIS);
		want("MSR on entry", frame.entry & ~ME, 0);
		end();
	}
	if (begin(ALL, "dec", "kernel", 0)) {
		MTSPR(TCR, DIE);
		MTSPR(DEC, 2000);
		turn(EE, 0x40000000);
		want_interrupt(DECREMENTER, 0, EE);
		end();
	}
	if (begin(ALL, "dec", "once", 0)) {
		MTSPR(TCR, DIE);
		MTSPR(DEC, 2000);
		turn(EE, 0x40000000);
		want_interrupt(DECREMENTER, 0, EE);
		MTSPR(TSR, DIS);
		turn(EE, 100000);
		want_end(1, EE);
		want("TSR", MFSPR(TSR) & DIS, 0);
		end();
	}
	if (begin(ALL, "dec", "until-cleared", 0)) {
		MTSPR(TCR, DIE);
		expire();
		for (u32 i = 0; i < 3; i++) {
			RUN(EE | PR, I_NOP);
			want_interrupt(DECREMENTER, 0, EE | PR);
		}
		MTSPR(TSR, DIS);
		RUN(EE | PR, I_NOP);
		want_end(1, EE | PR);
		end();
	}
	if (begin(ALL, "dec", "without-EE", 0)) {
		MTSPR(TCR, DIE);
		expire();
		RUN(PR, I_NOP);
		want_end(1, PR);
		want("TSR", MFSPR(TSR) & DIS, DIS);
		end();
	}
	if (begin(ALL, "dec", "without-DIE", 0)) {
		expire();
		RUN(EE, I_NOP);
		want_end(1, EE);
		want("TSR", MFSPR(TSR) & DIS, DIS);
		end();
	}
	if (begin(ALL, "dec", "DIE-late", 0)) {
		expire();
		frame.gpr[6] = DIE;
		RUN(EE, I_MTSPR(TCR, 6), I_ISYNC, I_NOP);
		want("interrupt", frame.vector, DECREMENTER);
		want("SRR0", frame.srr0 >= CODE + 4 && frame.srr0 <= CODE + 12, 1);
		end();
	}
	if (begin(ALL, "dec", "reload", 0)) {
		MTSPR(DECAR, 20000);
		MTSPR(TCR, DIE | ARE);
		u32 start = now();
		MTSPR(DEC, 20000);
		for (u32 i = 0; i < 5; i++) {
			turn(EE, 0x40000000);
			want_interrupt(DECREMENTER, 0, EE);
			MTSPR(TSR, DIS);
		}
		want("not too early", now() - start >= 5 * 20000, 1);
		end();
	}
	if (begin(ALL, "dec", "TSR-ones-clear", 0)) {
		expire();
		MTSPR(TSR, 0xF4000000);
		want("others", MFSPR(TSR) & DIS, DIS);
		MTSPR(TSR, DIS);
		want("its own", MFSPR(TSR) & DIS, 0);
		end();
	}
	if (begin(ALL, "dec", "replaced", 0)) {
		/* Again, should whoever runs the machine have held it up between the two. */
		u32 start;
		do {
			MTSPR(TSR, DIS);
			start = now();
			MTSPR(DEC, 400000);
			MTSPR(DEC, 0x7FFFFFFF);
		} while (now() - start > 300000);
		while (now() - start < 500000)
			;
		MTSPR(TCR, DIE);
		RUN(EE, I_NOP);
		want_end(1, EE);
		end();
	}
	/* QEMU's DEC reads as 0 while it counts, and interrupts when 0 is written. */
	if (begin(VM_ONLY, "dec", "read", 0)) {
		MTSPR(DEC, 0x7FFFFFFF);
		u32 first = MFSPR(DEC), second = MFSPR(DEC);
		want("counting", first > 0x40000000 && first < 0x7FFFFFFF, 1);
		want("down", second <= first, 1);
		expire();
		want("at the end", MFSPR(DEC), 0);
		end();
	}
	if (begin(VM_ONLY, "dec", "zero", 0)) {
		MTSPR(DEC, 0);
		RUN(0, I_NOP);
		want("TSR", MFSPR(TSR) & DIS, 0);
		end();
	}
}

/* Ways to let a waiting interrupt in: it comes before the next instruction. */
static void waiting(void)
{
	static const struct {
		const char *name;
		u32 word;
	} WAYS[] = { { "wrteei", I_WRTEEI(1) }, { "wrtee", I_WRTEE(6) }, { "mtmsr", I_MTMSR(6) } };
	for (u32 i = 0; i < 3; i++) {
		if (!begin(ALL, "pending", WAYS[i].name, 0))
			continue;
		MTSPR(TCR, DIE);
		expire();
		frame.gpr[6] = EE;
		RUN(0, WAYS[i].word, I_WRTEEI(0));
		want_interrupt(DECREMENTER, 1, EE);
		end();
	}
	if (begin(ALL, "pending", "rfi", 0)) {
		MTSPR(TCR, DIE);
		expire();
		frame.gpr[6] = CODE + 16;
		frame.gpr[7] = EE | PR;
		RUN(0, I_MTSPR(SRR0, 6), I_MTSPR(SRR1, 7), I_RFI, I_NOP);
		want_interrupt(DECREMENTER, 4, EE | PR);
		end();
	}
	if (begin(ALL, "pending", "run", 0)) { /* among privileged instructions that could be taken at once */
		MTSPR(TCR, DIE);
		expire();
		MTSPR(SPRG0, 0);
		RUN(0, I_MTSPR(SPRG0, 5), I_WRTEEI(1), I_MTSPR(SPRG0, 6), I_WRTEEI(0));
		want_interrupt(DECREMENTER, 2, EE);
		want("SPRG0", MFSPR(SPRG0), 0xA5000005);
		end();
	}
	if (begin(ALL, "pending", "sc", 0)) { /* the system call comes first, with interrupts off */
		MTSPR(TCR, DIE);
		expire();
		RUN(PR, I_NOP);
		want_end(1, PR);
		end();
	}
	/* Under -icount this ends QEMU. */
	if (begin(VM_ONLY, "pending", "rfci", 0)) {
		MTSPR(TCR, DIE);
		expire();
		frame.gpr[6] = CODE + 16;
		frame.gpr[7] = EE | PR;
		RUN(0, I_MTSPR(CSRR0, 6), I_MTSPR(CSRR1, 7), I_RFCI, I_NOP);
		want_interrupt(DECREMENTER, 4, EE | PR);
		end();
	}
}

static void idle(void)
{
	if (begin(ALL, "idle", "mtmsr", 0)) {
		MTSPR(TCR, DIE);
		MTSPR(DEC, 100000);
		frame.gpr[6] = WE | EE;
		RUN(0, I_MTMSR(6), I_NOP);
		want_interrupt(DECREMENTER, 1, WE | EE);
		want("MSR on entry", frame.entry & ~ME, 0);
		end();
	}
	if (begin(ALL, "idle", "pending", 0)) { /* does not even begin */
		MTSPR(TCR, DIE);
		expire();
		frame.gpr[6] = WE | EE;
		RUN(0, I_MTMSR(6), I_NOP);
		want_interrupt(DECREMENTER, 1, WE | EE);
		end();
	}
	/* QEMU's rfi never sets WE. */
	if (begin(VM_ONLY, "idle", "rfi", 0)) {
		MTSPR(TCR, DIE);
		MTSPR(DEC, 100000);
		RUN(WE | EE | PR, I_NOP);
		want_interrupt(DECREMENTER, 0, WE | EE | PR);
		end();
	}
}

/* QEMU's fixed-interval timer and watchdog never come. */
static void others(void)
{
	if (begin(VM_ONLY, "fit", "interrupt", 0)) {
		MTSPR(TCR, FIE);
		turn(EE | PR, 0x40000000);
		want_interrupt(FIXED_INTERVAL, 0, EE | PR);
		want("TSR", MFSPR(TSR) & FIS, FIS);
		/* The next interval may end at once, but not every time. */
		u32 tries = 0, status;
		do {
			MTSPR(TSR, FIS);
			status = MFSPR(TSR);
		} while (status & FIS && ++tries < 1000);
		want("TSR after", status & FIS, 0);
		end();
	}
	if (begin(VM_ONLY, "fit", "again", 0)) {
		MTSPR(TCR, FIE);
		for (u32 i = 0; i < 3; i++) {
			turn(EE, 0x40000000);
			want_interrupt(FIXED_INTERVAL, 0, EE);
			MTSPR(TSR, FIS);
		}
		end();
	}
	/* Four periods, of which each is 16 times the one before. */
	if (begin(VM_ONLY, "fit", "periods", 0)) {
		for (u32 period = 0; period < 3; period++) {
			u32 ticks = 1u << (13 + 4 * period), start;
			MTSPR(TCR, FIE | period << 24);
			MTSPR(TSR, FIS);
			turn(EE, 0x40000000);
			want_interrupt(FIXED_INTERVAL, 0, EE);
			/* The bit of the time base has just turned to 1. */
			start = now();
			want("time base", start >> (12 + 4 * period) & 1, 1);
			MTSPR(TSR, FIS);
			turn(EE, 0x40000000);
			want_interrupt(FIXED_INTERVAL, 0, EE);
			want("a period", now() - start > ticks / 2 && now() - start < 3 * ticks / 2, 1);
		}
		end();
	}
	/* The first time-out is noted, and the second interrupts. */
	if (begin(VM_ONLY, "watchdog", "first", 0)) {
		MTSPR(TCR, WIE);
		MTSPR(TSR, ENW | WIS);
		while (!(MFSPR(TSR) & ENW))
			;
		want("TSR", MFSPR(TSR) & WIS, 0);
		RUN(CE, I_NOP);
		want_end(1, CE);
		while (!(MFSPR(TSR) & WIS))
			;
		RUN(CE, I_NOP);
		want("interrupt", frame.vector, WATCHDOG);
		want("CSRR0", frame.csrr0, CODE);
		/* A guest that is in time is not interrupted. */
		MTSPR(TSR, ENW | WIS);
		RUN(CE, I_NOP);
		want_end(1, CE);
		end();
	}
	if (begin(VM_ONLY, "watchdog", "interrupt", 0)) {
		MTSPR(TCR, WIE);
		turn(CE | ME | DE | PR, 0x40000000);
		want("interrupt", frame.vector, WATCHDOG);
		want("CSRR0", frame.csrr0, CODE);
		want("CSRR1", frame.csrr1, CE | ME | DE | PR);
		want("TSR", MFSPR(TSR) & (ENW | WIS), ENW | WIS);
		want("MSR on entry", frame.entry, ME);
		end();
	}
	if (begin(VM_ONLY, "watchdog", "without-CE", 0)) {
		MTSPR(TCR, WIE);
		while (!(MFSPR(TSR) & WIS))
			;
		RUN(EE, I_NOP);
		want_end(1, EE);
		end();
	}
}

static void time_base(void)
{
	if (begin(ALL, "time", "counts", 0)) {
		frame.ctr = 1000;
		RUN(PR, I_MFSPR(6, 268), I_BDNZ_SELF, I_MFSPR(7, 268), I_MFSPR(8, 269));
		want_end(4, PR);
		want("counted", frame.gpr[7] - frame.gpr[6] - 1 < 0x40000000, 1);
		end();
	}
}

void timer_cases(void)
{
	decrementer();
	waiting();
	idle();
	others();
	time_base();
}
