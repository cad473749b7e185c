/* A guest that means harm: random instructions, registers, TLB entries, device and DCR accesses. The same seed gives the
 * same steps. What comes of a step is nobody's concern, only that there is a next one, and a node below that lives.
 *
 * The guest must not kill itself: its own image is out of reach of user mode, supervisor mode gets no branches and no
 * addresses below its pages, and what would end the machine or take the vectors away is left out. With `rings` on the
 * command line it drives virtio devices too (rings.c). */
#include "guest.h"

enum { WORDS = 6, QUANTUM = 3000, ROUND = 64, REPORT = 10000 };
enum { DIE = 0x04000000, XER = 1, DVC1 = 318 };
#define UART ((volatile u8 *)0xEF600300)

static u32 rings;

/* An address that nothing of the guest's own has: from 0x30000000 to 0xDFFFFFFF. */
static u32 somewhere(void)
{
	return 0x30000000 + random() % 0xB0000000;
}

/* The guest's TLB fills with few addresses, so that some of them are met again. */
static u32 page(void)
{
	return PAGES + 0x1000 * below(64) + below(0x1000);
}

static u32 value(void)
{
	switch (below(8)) {
	case 0: return below(64);
	case 1: return 0 - below(64);
	case 2: return DATA_PAGE + below(0x1100) - 0x80;
	case 3: return CODE + below(0x1000);
	case 4:
	case 5: return page();
	case 6: return somewhere();
	default: return random();
	}
}

static u32 device(void)
{
	if (rings && below(2))
		return 0xEF700000 + 0x200 * below(8);
	return 0xEF600000;
}

/* An entry: memory away from the guest's image in small pages, devices, and where nothing is. */
static void entry(void)
{
	static const u32 SMALL[] = { SIZE_4K, 0x20, 0x30 };
	u32 index = FREE + below(64 - FREE), readable = 0;
	u32 word0 = (below(4) ? page() : somewhere()) & 0xFFFFFC00;
	u32 word1 = (PAGES_AT + random() % 0x02000000) & 0xFFFFFC00;
	word0 |= (below(4) ? VALID : 0) | (below(4) ? 0 : SPACE1);
	if (below(8) < 5) {
		word0 |= SMALL[below(3)];
		word1 &= 0xFFFF0000;
	} else if (below(2)) {
		word0 |= SIZE_4K;
		word1 = device() & 0xFFFFF000;
	} else { /* also sizes that there are not; the largest would reach down to the guest's image */
		word0 |= random() & 0xF0;
		readable = (word0 & 0xF0) > SIZE_256M;
		word1 = 0x20000000 + random() % 0xC0000000; /* no memory is there, whatever the size */
		word1 = (word1 & 0xF0000000) | (in_vm ? random() & 0x0FFFFC0F : 0);
	}
	MTSPR(MMUCR, below(4) ? below(6) : random());
	u32 word2 = random() & 0xFFFF;
	if (readable)
		word2 &= ~(u32)(UW | SW);
	switch (below(4)) {
	case 0: __asm__ volatile("tlbwe %0, %1, 2; isync" : : "r"(word2 & ~(u32)(UW | SW)), "r"(index) : "memory"); break;
	case 1: tlb_clear(index); break;
	default:
		tlb_clear(index);
		__asm__ volatile("tlbwe %0, %3, 1; tlbwe %1, %3, 2; tlbwe %2, %3, 0; isync"
				 : : "r"(word1), "r"(word2), "r"(word0), "r"(index) : "memory");
	}
}

/* Numbers but for those that would take the guest away from itself: vectors, timers that end a wait or the machine. QEMU
 * keeps DVC1 where later processors have LPCR; a bit of it makes the next access to DEC end QEMU. */
static u32 special(void)
{
	for (;;) {
		u32 number = below(3) ? below(1024) : 256 + below(160);
		if (number != XER && number != IVPR && number != DBCR0 && number != TCR && number != TSR && number != DEC &&
		    number != DECAR && (in_vm || number != DVC1) && !(number >= IVOR0 && number < IVOR0 + 16))
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

static u32 in_user_mode(void)
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

static u32 in_supervisor_mode(void)
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

/* Bits of an MSR, without those that would stop the processor or change its mode. Machine checks are on: with them off an
 * address where nothing is would be the end. */
static u32 bits(void)
{
	return ME | (random() & (CE | EE | FP | DE | IS | DS | 0x900));
}

static void step(void)
{
	u32 words[WORDS], count = 1 + below(WORDS), msr = bits();
	for (u32 i = 0; i < 32; i++)
		frame.gpr[i] = value();
	frame.gpr[6] = bits();
	frame.gpr[8] = below(8) ? below(2) ? page() : DATA_PAGE + below(0x1000) : below(4) ? somewhere() : 0xEF600300 + below(8);
	frame.gpr[10] = below(64);
	frame.cr = random();
	frame.xer = random() & 0xE000000F;
	frame.lr = value();
	frame.ctr = value();
	if (below(2)) {
		msr |= PR | EE;
		for (u32 i = 0; i < count; i++)
			words[i] = in_user_mode();
	} else if (below(8)) {
		for (u32 i = 0; i < count; i++)
			words[i] = in_supervisor_mode();
	} else if (below(2)) { /* out by a return, to anywhere, in user mode */
		static const u32 RETURNS[] = { I_RFI, I_RFCI, I_RFMCI };
		static const u32 PLACES[] = { SRR0, CSRR0, MCSRR0 };
		u32 which = below(3);
		frame.gpr[7] = PR | EE | bits();
		msr &= ~(EE | CE);
		words[0] = I_MTSPR(PLACES[which], 9);
		words[1] = I_MTSPR(PLACES[which] + 1, 7);
		words[2] = RETURNS[which];
		count = 3;
	} else { /* a wait */
		frame.gpr[6] = WE | EE | bits();
		words[0] = I_MTMSR(6);
		count = 1;
	}
	MTSPR(PID, below(4) ? below(6) : random() & 0xFF);
	MTSPR(TSR, 0xFC000000);
	MTSPR(TCR, DIE);
	MTSPR(DEC, QUANTUM);
	run(msr, words, count);
}

/* Makes the devices quiet, and the console usable. */
static void settle(void)
{
	UART[3] = 3;
	UART[1] = 0;
	UART[2] = 0;
	UART[4] = 0;
	MTDCR(0xC2, 0);
	MTDCR(0xC3, 0);
	MTDCR(0xC0, 0xFFFFFFFF);
	MTSPR(TCR, 0);
}

void hostile(u32 number, u32 steps)
{
	seed(number);
	rings = (u32)has_word("rings");
	restore();
	for (u32 done = 1; done <= steps; done++) {
		if (done % ROUND == 0) {
			settle();
			restore();
		}
		if (rings && below(8) == 0)
			ring_step();
		entry();
		step();
		if (done % REPORT == 0 || done == steps) {
			settle();
			u32 answered = rings ? reset_devices() : 0;
			print("\n");
			print_number(done);
			print(" steps, ");
			print_number(answered);
			print(" requests answered\n");
		}
	}
	settle();
	print_number(steps);
	print(" steps done\n");
}
