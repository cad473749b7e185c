/* Privileged instructions: in user mode a program interrupt that leaves everything as it was, in supervisor mode what
 * they are for. */
#include "guest.h"

struct instruction {
	const char *name;
	u32 word;
};

static const struct instruction PRIVILEGED[] = {
	{ "mfmsr", I_MFMSR(5) },	{ "mtmsr", I_MTMSR(6) },
	{ "wrtee", I_WRTEE(6) },	{ "wrteei", I_WRTEEI(1) },
	{ "wrteei0", I_WRTEEI(0) },	{ "rfi", I_RFI },
	{ "rfci", I_RFCI },		{ "rfmci", I_RFMCI },
	{ "tlbwe0", I_TLBWE(6, 7, 0) }, { "tlbwe1", I_TLBWE(6, 7, 1) },
	{ "tlbwe2", I_TLBWE(6, 7, 2) }, { "tlbre0", I_TLBRE(5, 7, 0) },
	{ "tlbre1", I_TLBRE(5, 7, 1) }, { "tlbre2", I_TLBRE(5, 7, 2) },
	{ "tlbsx", I_TLBSX(5, 0, 7) },	{ "tlbsx.", I_TLBSX_(5, 0, 7) },
	{ "tlbsync", X(566, 0, 0, 0) }, { "mfdcr", I_MFDCR(5, 0xC2) },
	{ "mtdcr", I_MTDCR(0xC2, 6) },	{ "iccci", X(966, 0, 0, 7) },
	{ "dccci", X(454, 0, 0, 7) },	{ "icread", X(998, 0, 0, 7) },
	{ "dcread", X(486, 5, 0, 7) },	{ "dcbi", X(470, 0, 0, 8) },
};

/* Instructions that look privileged and are everybody's. */
static const struct instruction ALLOWED[] = {
	{ "icbt", X(22, 0, 0, 8) },	{ "icbi", X(982, 0, 0, 8) },   { "dcbt", X(278, 0, 0, 8) },
	{ "dcbtst", X(246, 0, 0, 8) },	{ "dcbst", X(54, 0, 0, 8) },   { "dcbf", X(86, 0, 0, 8) },
	{ "dcba", X(758, 0, 0, 8) },	{ "msync", X(598, 0, 0, 0) },  { "mbar", X(854, 0, 0, 0) },
	{ "isync", I_ISYNC },		{ "mftbl", I_MFSPR(5, 268) },  { "mftbu", I_MFSPR(5, 269) },
	{ "dlmzb", X(78, 6, 5, 7) },
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

static void registers(void)
{
	frame.gpr[6] = 0x00029000; /* an MSR, if it were one */
	frame.gpr[7] = 40;	   /* an entry */
	frame.gpr[8] = DATA_PAGE;
}

static void in_user_mode(void)
{
	for (u32 i = 0; i < COUNT(PRIVILEGED); i++) {
		if (!begin(ALL, "user", PRIVILEGED[i].name, 0))
			continue;
		registers();
		RUN(PR, PRIVILEGED[i].word);
		want_interrupt(PROGRAM, 0, PR);
		want("ESR", frame.esr, PPR);
		want("r5", frame.gpr[5], 0xA5000005);
		want("CR", frame.cr, 0);
		want("MSR on entry", frame.entry & ~ME, 0);
		end();
	}
	for (u32 i = 0; i < COUNT(ALLOWED); i++) {
		if (!begin(ALL, "user-allowed", ALLOWED[i].name, 0))
			continue;
		registers();
		RUN(PR, ALLOWED[i].word);
		want_end(1, PR);
		end();
	}
}

static void machine_state(void)
{
	if (begin(ALL, "kernel", "mfmsr", 0)) {
		RUN(FP | DS, I_MFMSR(5));
		want_end(1, FP | DS);
		want("r5", frame.gpr[5], FP | DS);
		end();
	}
	if (begin(ALL, "kernel", "mtmsr", 0)) {
		frame.gpr[6] = EE | FP | DS;
		RUN(0, I_MTMSR(6), I_ISYNC, I_MFMSR(5));
		want_end(3, EE | FP | DS);
		want("r5", frame.gpr[5], EE | FP | DS);
		end();
	}
	if (begin(ALL, "kernel", "mtmsr", "space")) { /* the code is mapped in both */
		frame.gpr[6] = IS;
		RUN(0, I_MTMSR(6), I_ISYNC);
		want_end(2, IS);
		end();
	}
	if (begin(ALL, "kernel", "mtmsr", "user")) {
		frame.gpr[6] = PR;
		RUN(0, I_MTMSR(6), I_ISYNC, I_MFMSR(5));
		want_interrupt(PROGRAM, 2, PR);
		want("ESR", frame.esr, PPR);
		end();
	}
	/* QEMU changes ME by returns from interrupts alone. */
	if (begin(VM_ONLY, "kernel", "mtmsr", "ME")) {
		frame.gpr[6] = ME;
		frame.gpr[7] = 0;
		RUN(0, I_MTMSR(6), I_ISYNC, I_MFMSR(5), I_MTMSR(7), I_ISYNC);
		want_end(5, 0);
		want("r5", frame.gpr[5], ME);
		end();
	}
	if (begin(ALL, "kernel", "wrtee", 0)) {
		frame.gpr[6] = EE;
		frame.gpr[7] = ~EE;
		RUN(FP, I_WRTEE(6), I_MFMSR(5), I_WRTEE(7), I_MFMSR(4));
		want_end(4, FP);
		want("set", frame.gpr[5], EE | FP);
		want("cleared", frame.gpr[4], FP);
		end();
	}
	if (begin(ALL, "kernel", "wrteei", 0)) {
		RUN(FP, I_WRTEEI(1), I_MFMSR(5), I_WRTEEI(0), I_MFMSR(4));
		want_end(4, FP);
		want("set", frame.gpr[5], EE | FP);
		want("cleared", frame.gpr[4], FP);
		end();
	}
}

/* Device control registers, by instructions of their own. */
static void device_control(void)
{
	if (begin(ALL, "kernel", "mfdcr", 0)) {
		MTDCR(0xC2, 0x00005550);
		RUN(0, I_MFDCR(5, 0xC2), I_MFDCR(31, 0xC2));
		want_end(2, 0);
		want("r5", frame.gpr[5], 0x00005550);
		want("r31", frame.gpr[31], 0x00005550);
		MTDCR(0xC2, 0);
		end();
	}
	if (begin(ALL, "kernel", "mtdcr", 0)) {
		frame.gpr[6] = 0x0000AAA0;
		frame.gpr[30] = 0x00001110;
		RUN(0, I_MTDCR(0xC2, 6), I_MFDCR(5, 0xC2), I_MTDCR(0xC2, 30), I_MFDCR(7, 0xC2));
		want_end(4, 0);
		want("first", frame.gpr[5], 0x0000AAA0);
		want("second", frame.gpr[7], 0x00001110);
		MTDCR(0xC2, 0);
		end();
	}
	if (begin(ALL, "kernel", "tlbsync", 0)) {
		RUN(0, X(566, 0, 0, 0), I_LI(5, 7));
		want_end(2, 0);
		want("r5", frame.gpr[5], 7);
		end();
	}
}

/* Every register by the shortest of programs: the value goes to it, and comes from it, whatever its number. */
static void every_register(void)
{
	for (u32 which = 0; which < 2; which++) {
		if (!begin(ALL, "kernel", which ? "mtspr" : "mfspr", "every-register"))
			continue;
		for (u32 number = 0; number < 32; number++) {
			MTSPR(SPRG0, which ? 0 : 0x5A5A0000 | number);
			for (u32 i = 0; i < 32; i++)
				frame.gpr[i] = 0xA5000000 | i;
			u32 word = which ? I_MTSPR(SPRG0, number) : I_MFSPR(number, SPRG0);
			run(0, &word, 1);
			want_end(1, 0);
			if (which)
				want("SPRG0", MFSPR(SPRG0), 0xA5000000 | number);
			for (u32 i = 0; i < 32; i++)
				want("register", frame.gpr[i], !which && i == number ? 0x5A5A0000 | number : 0xA5000000 | i);
		}
		end();
	}
}

/* Runs of privileged instructions next to each other, across the end of what a monitor may take at once. */
static void runs(void)
{
	if (begin(ALL, "kernel", "run", "sprg")) {
		RUN(0, I_MTSPR(SPRG0, 6), I_MTSPR(SPRG0 + 1, 7), I_MTSPR(SPRG4, 8), I_MTSPR(SPRG4 + 3, 9),
		    I_MFSPR(10, SPRG4 + 3), I_MFSPR(11, SPRG4), I_MFSPR(12, SPRG0 + 1), I_MFSPR(13, SPRG0));
		want_end(8, 0);
		for (u32 i = 0; i < 4; i++)
			want("register", frame.gpr[10 + i], 0xA5000009 - i);
		end();
	}
	if (begin(ALL, "kernel", "run", "fault")) { /* the second faults: the first is done, the third is not */
		frame.gpr[8] = 0x70000000;
		RUN(0, I_MTSPR(SPRG0, 6), I_LWZ(5, 0, 8), I_MTSPR(SPRG0, 7));
		want_interrupt(DATA_MISS, 1, 0);
		want("SPRG0", MFSPR(SPRG0), 0xA5000006);
		end();
	}
}

void privileged_cases(void)
{
	in_user_mode();
	machine_state();
	device_control();
	every_register();
	runs();
}
