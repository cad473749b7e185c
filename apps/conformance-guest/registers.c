/* Special-purpose registers: what is stored comes back, in supervisor mode alone. */
#include "guest.h"

enum { KEEPS = 1, READS = 2, WRITES = 4 };

struct one {
	const char *name;
	u32 number;
	u32 does;
	u32 value; /* one that the register keeps whole */
};

static const struct one REGISTERS[] = {
	{ "SRR0", SRR0, KEEPS, 0x12345678 },	{ "SRR1", SRR1, KEEPS, 0x00029030 },
	{ "CSRR0", CSRR0, KEEPS, 0x12345678 },	{ "CSRR1", CSRR1, KEEPS, 0x00029030 },
	{ "MCSRR0", MCSRR0, KEEPS, 0x12345678 }, { "MCSRR1", MCSRR1, KEEPS, 0x00029030 },
	{ "SPRG0", 272, KEEPS, 0x12345678 },	{ "SPRG1", 273, KEEPS, 0x9ABCDEF0 },
	{ "SPRG2", 274, KEEPS, 0x12345678 },	{ "SPRG3", 275, KEEPS, 0x9ABCDEF0 },
	{ "SPRG4", 276, KEEPS, 0x12345678 },	{ "SPRG5", 277, KEEPS, 0x9ABCDEF0 },
	{ "SPRG6", 278, KEEPS, 0x12345678 },	{ "SPRG7", 279, KEEPS, 0x9ABCDEF0 },
	{ "DEAR", DEAR, KEEPS, 0x12345679 },	{ "ESR", ESR, KEEPS, 0x08800000 },
	{ "PID", PID, KEEPS, 0x5A },		{ "MMUCR", MMUCR, KEEPS, 0x0001005A },
	{ "IVPR", IVPR, KEEPS, 0x12340000 },	{ "IVOR0", 400, KEEPS, 0x1230 },
	{ "IVOR1", 401, KEEPS, 0x1240 },	{ "IVOR2", 402, KEEPS, 0x1250 },
	{ "IVOR3", 403, KEEPS, 0x1260 },	{ "IVOR4", 404, KEEPS, 0x1270 },
	{ "IVOR5", 405, KEEPS, 0x1280 },	{ "IVOR6", 406, KEEPS, 0x1290 },
	{ "IVOR7", 407, KEEPS, 0x12A0 },	{ "IVOR8", 408, KEEPS, 0x12B0 },
	{ "IVOR9", 409, KEEPS, 0x12C0 },	{ "IVOR10", 410, KEEPS, 0x12D0 },
	{ "IVOR11", 411, KEEPS, 0x12E0 },	{ "IVOR12", 412, KEEPS, 0x12F0 },
	{ "IVOR13", 413, KEEPS, 0x1300 },	{ "IVOR14", 414, KEEPS, 0x1310 },
	{ "IVOR15", 415, KEEPS, 0xFFF0 },	{ "TCR", TCR, KEEPS, 0x04400000 },
	{ "CCR0", 947, KEEPS, 0x00100000 },	{ "CCR1", 888, KEEPS, 0x00000080 },
	{ "DBCR0", DBCR0, KEEPS, 0x40000000 },	{ "DBCR1", 309, KEEPS, 0x40000000 },
	{ "DBCR2", 310, KEEPS, 0x40000000 },	{ "IAC1", 312, KEEPS, 0x12345678 },
	{ "IAC2", 313, KEEPS, 0x12345678 },	{ "IAC3", 314, KEEPS, 0x12345678 },
	{ "IAC4", 315, KEEPS, 0x12345678 },	{ "DAC1", 316, KEEPS, 0x12345678 },
	{ "DAC2", 317, KEEPS, 0x12345678 },	{ "DVC1", 318, KEEPS, 0x12345678 },
	{ "DVC2", 319, KEEPS, 0x12345678 },	{ "INV0", 880, KEEPS, 0 },
	{ "INV1", 881, KEEPS, 0 },		{ "INV2", 882, KEEPS, 0 },
	{ "INV3", 883, KEEPS, 0 },		{ "ITV0", 884, KEEPS, 0 },
	{ "ITV1", 885, KEEPS, 0 },		{ "ITV2", 886, KEEPS, 0 },
	{ "ITV3", 887, KEEPS, 0 },		{ "DNV0", 912, KEEPS, 0 },
	{ "DNV1", 913, KEEPS, 0 },		{ "DNV2", 914, KEEPS, 0 },
	{ "DNV3", 915, KEEPS, 0 },		{ "DTV0", 916, KEEPS, 0 },
	{ "DTV1", 917, KEEPS, 0 },		{ "DTV2", 918, KEEPS, 0 },
	{ "DTV3", 919, KEEPS, 0 },		{ "DVLIM", 920, KEEPS, 0x0001F800 },
	{ "IVLIM", 921, KEEPS, 0x0001F800 },	{ "PVR", 287, READS, 0x422218D3 },
	{ "PIR", 286, READS, 0 },		{ "RSTCFG", 923, 0, 0 },
	{ "MCSR", MCSR, 0, 0 },			{ "DBSR", 304, READS, 0 },
	{ "DEC", DEC, 0, 0 },			{ "DECAR", DECAR, 0, 0 },
	{ "TSR", TSR, 0, 0 },			{ "TBL", 284, WRITES, 0 },
	{ "TBU", 285, WRITES, 0 },		{ "DCDBTRL", 924, 0, 0 },
	{ "DCDBTRH", 925, 0, 0 },		{ "ICDBTRL", 926, 0, 0 },
	{ "ICDBTRH", 927, 0, 0 },		{ "ICDBDR", 979, 0, 0 },
	{ "DBDR", 1011, 0, 0 },
};
#define COUNT (sizeof REGISTERS / sizeof *REGISTERS)

static void in_user_mode(const struct one *one)
{
	/* Numbers 284 and 285 are for writing alone, and DECAR is. */
	if (one->does != WRITES && one->number != DECAR && begin(ALL, "user", "mfspr", one->name)) {
		RUN(PR, I_MFSPR(5, one->number));
		want_interrupt(PROGRAM, 0, PR);
		want("ESR", frame.esr, PPR);
		want("r5", frame.gpr[5], 0xA5000005);
		end();
	}
	if (begin(ALL, "user", "mtspr", one->name)) {
		RUN(PR, I_MTSPR(one->number, 5));
		want_interrupt(PROGRAM, 0, PR);
		want("ESR", frame.esr, PPR);
		end();
	}
}

static void in_supervisor_mode(const struct one *one)
{
	if (one->does == KEEPS && begin(ALL, "kernel", "spr", one->name)) {
		frame.gpr[6] = one->value;
		frame.gpr[8] = 0;
		RUN(0, I_MFSPR(7, one->number), I_MTSPR(one->number, 6), I_MFSPR(5, one->number),
		    I_MTSPR(one->number, 8), I_MFSPR(4, one->number), I_MTSPR(one->number, 7));
		want_end(6, 0);
		want("read back", frame.gpr[5], one->value);
		want("cleared", frame.gpr[4], 0);
		end();
	}
	if (one->does == READS && begin(ALL, "kernel", "mfspr", one->name)) {
		RUN(0, I_MFSPR(5, one->number));
		want_end(1, 0);
		want("r5", frame.gpr[5], one->value);
		end();
	}
	if (one->does == WRITES && begin(ALL, "kernel", "mtspr", one->name)) {
		RUN(0, I_MFSPR(5, one->number - 16), I_MTSPR(one->number, 5));
		want_end(2, 0);
		end();
	}
}

/* SPRG4 to 7 have numbers by which users read them; USPRG0 is theirs. */
static void users_own(void)
{
	static const char *const NAMES[] = { "SPRG4", "SPRG5", "SPRG6", "SPRG7" };
	for (u32 i = 0; i < 4; i++) {
		u32 modes[2] = { PR, 0 };
		for (u32 mode = 0; mode < 2; mode++) {
			if (!begin(ALL, mode ? "kernel" : "user", "alias", NAMES[i]))
				continue;
			MTSPR(SPRG4, 0x11110004);
			MTSPR(SPRG4 + 1, 0x11110005);
			MTSPR(SPRG4 + 2, 0x11110006);
			MTSPR(SPRG4 + 3, 0x11110007);
			RUN(modes[mode], I_MFSPR(5, 260 + i));
			want_end(1, modes[mode]);
			want("r5", frame.gpr[5], 0x11110004 + i);
			end();
		}
	}
	if (begin(ALL, "user", "alias", "write")) {
		RUN(PR, I_MTSPR(276, 5));
		want_interrupt(PROGRAM, 0, PR);
		want("ESR", frame.esr, PPR);
		end();
	}
	if (begin(ALL, "user", "USPRG0", 0)) {
		RUN(PR, I_MTSPR(USPRG0, 6), I_MFSPR(5, USPRG0));
		want_end(2, PR);
		want("r5", frame.gpr[5], 0xA5000006);
		want("for the kernel", MFSPR(USPRG0), 0xA5000006);
		end();
	}
}

/* A number that no register has: bit 5 of the field says whether it would be privileged. QEMU ignores such an access in
 * supervisor mode, and takes every one in user mode for privileged. */
static void undefined(void)
{
	if (begin(VM_ONLY, "kernel", "undefined", "mfspr")) {
		RUN(0, I_MFSPR(5, 1000));
		want_interrupt(PROGRAM, 0, 0);
		want("ESR", frame.esr, PIL);
		end();
	}
	if (begin(VM_ONLY, "kernel", "undefined", "mtspr")) {
		RUN(0, I_MTSPR(1000, 5));
		want_interrupt(PROGRAM, 0, 0);
		want("ESR", frame.esr, PIL);
		end();
	}
	if (begin(VM_ONLY, "user", "undefined", "open")) {
		RUN(PR, I_MFSPR(5, 1000));
		want_interrupt(PROGRAM, 0, PR);
		want("ESR", frame.esr, PIL);
		end();
	}
	if (begin(ALL, "user", "undefined", "privileged")) {
		RUN(PR, I_MFSPR(5, 1016));
		want_interrupt(PROGRAM, 0, PR);
		want("ESR", frame.esr, PPR);
		end();
	}
	/* The process ID has 8 bits; QEMU keeps more. */
	if (begin(VM_ONLY, "kernel", "spr", "PID-width")) {
		frame.gpr[6] = 0x1A5;
		frame.gpr[7] = 0;
		RUN(0, I_MTSPR(PID, 6), I_MFSPR(5, PID), I_MTSPR(PID, 7));
		want_end(3, 0);
		want("r5", frame.gpr[5], 0xA5);
		end();
	}
}

void register_cases(void)
{
	for (u32 i = 0; i < COUNT; i++) {
		in_user_mode(&REGISTERS[i]);
		in_supervisor_mode(&REGISTERS[i]);
	}
	users_own();
	undefined();
}
