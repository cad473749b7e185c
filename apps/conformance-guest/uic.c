/* Interrupts of a device, through the interrupt controller: the console's own, which is always ready to send. */
#include "guest.h"

#define UART ((volatile u8 *)0xEF600300)
enum { INTERRUPT_ENABLE = 1, INTERRUPT_ID = 2, MODEM = 4 };
enum { UIC_SR = 0xC0, UIC_SRS = 0xC1, UIC_ER = 0xC2, UIC_CR = 0xC3, UIC_PR = 0xC4, UIC_TR = 0xC5, UIC_MSR = 0xC6 };
enum { DIE = 0x04000000, DIS = 0x08000000 };
static const u32 LINE = 0x80000000, SOFT = 0x00000400;

static void quiet(void)
{
	UART[INTERRUPT_ENABLE] = 0;
	(void)UART[INTERRUPT_ID];
	MTDCR(UIC_ER, 0);
	MTDCR(UIC_CR, 0);
	MTDCR(UIC_PR, 0xFFFFFFFF);
	MTDCR(UIC_TR, 0);
	MTDCR(UIC_SR, 0xFFFFFFFF);
}

/* The device wants to be heard. */
static void raise(u32 enabled, u32 critical)
{
	quiet();
	MTDCR(UIC_CR, critical);
	MTDCR(UIC_ER, enabled);
	UART[MODEM] = 8;
	UART[INTERRUPT_ENABLE] = 2;
}

static void finish(void)
{
	quiet();
	UART[MODEM] = 0;
	end();
}

static void external(void)
{
	if (begin(ALL, "uic", "status", 0)) {
		raise(0, 0);
		want("SR", MFDCR(UIC_SR) & LINE, LINE);
		want("MSR, masked", MFDCR(UIC_MSR) & LINE, 0);
		MTDCR(UIC_ER, LINE);
		want("MSR", MFDCR(UIC_MSR), LINE);
		finish();
	}
	if (begin(ALL, "uic", "registers", 0)) {
		quiet();
		MTDCR(UIC_ER, 0x00005550);
		MTDCR(UIC_CR, 0x0000AAA0);
		want("ER", MFDCR(UIC_ER), 0x00005550);
		want("CR", MFDCR(UIC_CR), 0x0000AAA0);
		finish();
	}
	if (begin(ALL, "uic", "external", 0)) {
		raise(LINE, 0);
		RUN(EE | PR, I_NOP);
		want_interrupt(EXTERNAL, 0, EE | PR);
		want("MSR on entry", frame.entry & ~ME, 0);
		finish();
	}
	if (begin(ALL, "uic", "masked", 0)) {
		raise(0, 0);
		RUN(EE | PR, I_NOP);
		want_end(1, EE | PR);
		finish();
	}
	if (begin(ALL, "uic", "without-EE", 0)) {
		raise(LINE, 0);
		RUN(PR | CE, I_NOP);
		want_end(1, PR | CE);
		finish();
	}
	if (begin(ALL, "uic", "wrteei", 0)) {
		raise(LINE, 0);
		RUN(0, I_NOP, I_WRTEEI(1), I_WRTEEI(0));
		want_interrupt(EXTERNAL, 2, EE);
		finish();
	}
	if (begin(ALL, "uic", "level", 0)) { /* as long as the device does, whatever is acknowledged */
		raise(LINE, 0);
		for (u32 i = 0; i < 2; i++) {
			RUN(EE, I_NOP);
			want_interrupt(EXTERNAL, 0, EE);
			MTDCR(UIC_SR, LINE);
		}
		UART[INTERRUPT_ENABLE] = 0;
		MTDCR(UIC_SR, LINE);
		RUN(EE, I_NOP);
		want_end(1, EE);
		want("SR", MFDCR(UIC_SR) & LINE, 0);
		finish();
	}
	if (begin(ALL, "uic", "set", 0)) { /* by software, on a line that nobody drives */
		quiet();
		MTDCR(UIC_TR, SOFT);
		MTDCR(UIC_ER, SOFT);
		MTDCR(UIC_SRS, SOFT);
		want("SR", MFDCR(UIC_SR) & SOFT, SOFT);
		RUN(EE, I_NOP);
		want_interrupt(EXTERNAL, 0, EE);
		MTDCR(UIC_SR, SOFT);
		RUN(EE, I_NOP);
		want_end(1, EE);
		finish();
	}
	if (begin(ALL, "uic", "idle", 0)) { /* a wait that does not begin */
		raise(LINE, 0);
		frame.gpr[6] = WE | EE;
		RUN(0, I_MTMSR(6), I_NOP);
		want_interrupt(EXTERNAL, 1, WE | EE);
		finish();
	}
}

static void critical(void)
{
	if (begin(ALL, "uic", "critical", 0)) {
		raise(LINE, LINE);
		MTSPR(SRR0, 0x1110);
		RUN(CE | PR, I_NOP);
		want("interrupt", frame.vector, CRITICAL);
		want("CSRR0", frame.csrr0, CODE);
		want("CSRR1", frame.csrr1, CE | PR);
		want("MSR on entry", frame.entry & ~ME, 0);
		finish();
	}
	if (begin(ALL, "uic", "critical", "keeps-ME")) { /* and nothing else */
		raise(LINE, LINE);
		RUN(CE | ME | DE | EE, I_NOP);
		want("interrupt", frame.vector, CRITICAL);
		want("CSRR1", frame.csrr1, CE | ME | DE | EE);
		want("MSR on entry", frame.entry, ME);
		finish();
	}
	if (begin(ALL, "uic", "critical", "keeps-SRR")) {
		raise(LINE, LINE);
		/* enter leaves by SRR0 and SRR1: they hold where the case began. */
		RUN(CE, I_NOP);
		want("interrupt", frame.vector, CRITICAL);
		want("SRR0", frame.srr0, CODE);
		want("SRR1", frame.srr1, CE);
		finish();
	}
	if (begin(ALL, "uic", "critical", "without-CE")) {
		raise(LINE, LINE);
		RUN(EE | PR, I_NOP);
		want_end(1, EE | PR);
		finish();
	}
	if (begin(ALL, "uic", "critical", "mtmsr")) {
		raise(LINE, LINE);
		frame.gpr[6] = CE;
		RUN(0, I_MTMSR(6), I_NOP);
		want("interrupt", frame.vector, CRITICAL);
		want("CSRR0", frame.csrr0, CODE + 4);
		want("CSRR1", frame.csrr1, CE);
		finish();
	}
	if (begin(ALL, "uic", "critical", "return")) { /* rfci goes on where it was interrupted */
		raise(LINE, LINE);
		RUN(CE | PR, I_LI(5, 1), I_LI(5, 2));
		want("interrupt", frame.vector, CRITICAL);
		quiet();
		MTSPR(CSRR0, frame.csrr0);
		frame.pc = CODE + 0x100;
		frame.msr = 0;
		*at(CODE_AT + 0x100) = I_RFCI;
		coherent(CODE_AT + 0x100);
		enter();
		want_end(2, CE | PR);
		want("r5", frame.gpr[5], 2);
		finish();
	}
}

/* Which of two comes first. */
static void order(void)
{
	if (begin(ALL, "order", "external-decrementer", 0)) {
		raise(LINE, 0);
		MTSPR(TCR, DIE);
		MTSPR(DEC, 1);
		while (!(MFSPR(TSR) & DIS))
			;
		RUN(EE, I_NOP);
		want_interrupt(EXTERNAL, 0, EE);
		quiet();
		RUN(EE, I_NOP);
		want_interrupt(DECREMENTER, 0, EE);
		finish();
	}
	if (begin(ALL, "order", "critical-decrementer", 0)) {
		raise(LINE, LINE);
		MTSPR(TCR, DIE);
		MTSPR(DEC, 1);
		while (!(MFSPR(TSR) & DIS))
			;
		RUN(EE | CE, I_NOP);
		want("interrupt", frame.vector, CRITICAL);
		want("CSRR1", frame.csrr1, EE | CE);
		quiet();
		RUN(EE | CE, I_NOP);
		want_interrupt(DECREMENTER, 0, EE | CE);
		finish();
	}
}

void uic_cases(void)
{
	external();
	critical();
	order();
}
