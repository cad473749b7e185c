/* Random instructions of the hostile guest. */
#include "guest.h"

enum { XER = 1, DVC1 = 318 };

u32 lives;

/* Numbers but for those that would take the guest away from itself: vectors, timers that end a wait, and what resets the
 * machine unless it has several lives. QEMU keeps DVC1 where later processors have LPCR; a bit of it makes the next access
 * to DEC end QEMU. */
static u32 special(void)
{
	for (;;) {
		u32 number = below(3) ? below(1024) : 256 + below(160);
		if (number != XER && number != IVPR && (number != DBCR0 || lives) && number != TCR &&
		    number != TSR && number != DEC && number != DECAR && (in_vm || number != DVC1) &&
		    !(number >= IVOR0 && number < IVOR0 + 16))
			return number;
	}
}

static u32 control(void)
{
	if (below(2))
		return 0xC0 + below(9);
	/* The memory controller's would take the memory away, natively. */
	u32 number = below(1024);
	return number >= 0x10 && number < 0x20 ? 0xC0 : number;
}

/* An access to a register with a number. */
static u32 numbered(u32 operation, u32 register_, u32 number)
{
	return SPR(operation, register_, number);
}

/* A load or store through r8, which is where supervisor mode may store, and r10, which is small. */
static u32 access(void)
{
	static const u32 INDEXED[] = { 20, 21, 22, 23, 54, 55, 86, 87, 119, 151, 183, 215, 246, 247, 278, 279, 311, 343, 375,
				       407, 439, 470, 533, 534, 535, 567, 597, 599, 631, 661, 662, 663, 695, 725, 727, 758,
				       790, 918, 982, 983, 1014, 150 };
	u32 register_ = 11 + below(21); /* however many are loaded from here on, r8 and r10 are not among them */
	if (below(2))
		return X(INDEXED[below(sizeof INDEXED / 4)], register_, 8, 10) | (below(16) ? 0 : 1);
	return (32 + below(24)) << 26 | register_ << 21 | 8 << 16 | (random() & 0x0FFF);
}

/* Any word, but for the opcodes of later processors' vectors and prefixes: QEMU lets some of them (vrlqnm, xxspltw) reach
 * a processor that has none, and ends. */
static u32 anything(void)
{
	for (;;) {
		u32 word = random(), opcode = word >> 26;
		if (opcode != 1 && opcode != 4 && opcode != 6 && opcode != 57 && opcode != 60 && opcode != 61)
			return word;
	}
}

u32 user_word(void)
{
	switch (below(6)) {
	case 0: return anything();
	case 1: return 31u << 26 | (random() & 0x03FFFFFF);
	case 2: return 19u << 26 | (random() & 0x03FFFFFF);
	case 3: return (32 + below(24)) << 26 | (random() & 0x03FFFFFF);
	case 4: return numbered(below(2) ? 339 : 467, below(32), below(1024));
	default: return access();
	}
}

u32 supervisor_word(void)
{
	u32 target = 11 + below(20), source = below(32);
	switch (below(10)) {
	case 0: return numbered(339, target, below(1024));
	case 1: return numbered(467, source, special());
	case 2: return numbered(323, target, control());
	case 3: return numbered(451, source, control());
	case 4: return I_WRTEEI(below(2));
	case 5: return below(2) ? I_MFMSR(target) : I_MTMSR(6);
	case 6: return I_TLBRE(target, below(32), below(3));
	case 7: return below(2) ? I_TLBSX(target, 0, source) : I_TLBSX_(target, 8, source);
	default: return access();
	}
}
