/* A guest that means harm: random instructions (words.c), registers, TLB entries, device and DCR accesses. The same seed
 * gives the same steps. What comes of a step is nobody's concern, only that there is a next one, and a node below that
 * lives.
 *
 * A step is one instruction of a burst that was tried, one TLB entry, or one attack on a ring. A burst goes on behind an
 * instruction that did not get through, so that a word spoils nothing but itself.
 *
 * The guest must not kill itself: its own image is out of reach of user mode, supervisor mode gets no branches and no
 * addresses below its pages, and what would take the vectors away is left out. With `rings` on the command line it drives
 * virtio devices too (rings.c). With `lives` it resets its machine now and then, goes on by what it finds in memory, and
 * dies when it is done: for specs that start a machine afresh when it resets, and not when it dies. */
#include "guest.h"

enum { WORDS = 32, QUANTUM = 3000, ROUND = 16, REPORT = 10000, MAGIC = 0x4C495645 };
enum { DIE = 0x04000000 };
#define UART ((volatile u8 *)0xEF600300)

static u32 rings, done;
/* What outlives a reset, in RAM that nobody clears. */
static struct {
	u32 magic, seed, steps, done, state, resets, answered;
} *const kept = (void *)0x02F01000;

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

/* Bits of an MSR, without those that would stop the processor or change its mode. Machine checks are on: with them off an
 * address where nothing is would be the end. */
static u32 bits(void)
{
	return ME | (random() & (CE | EE | FP | DE | IS | DS | 0x900));
}

/* Registers, all of them random but for those that keep supervisor mode away from the guest's image. */
static void registers(void)
{
	for (u32 i = 0; i < 32; i++)
		frame.gpr[i] = value();
	frame.cr = random();
	frame.xer = random() & 0xE000000F;
	frame.lr = value();
	frame.ctr = value();
}

/* What a burst's words count on, whatever the words before have made of it. */
static void anchor(u32 wait)
{
	frame.gpr[6] = wait | bits();
	frame.gpr[7] = PR | EE | bits();
	frame.gpr[8] = below(8) ? below(2) ? page() : DATA_PAGE + below(0x1000) : below(4) ? somewhere() : 0xEF600300 + below(8);
	frame.gpr[10] = below(64);
}

/* Where the interrupt came: the number of the word, or what is none. */
static u32 reached(void)
{
	u32 where = frame.srr0;
	if (frame.vector == MACHINE_CHECK)
		where = MFSPR(MCSRR0);
	else if (frame.vector == CRITICAL || frame.vector == WATCHDOG || frame.vector == DEBUG)
		where = frame.csrr0;
	return (where - CODE) / 4 - (frame.vector == SYSTEM_CALL);
}

/* Random instructions in one mode; how many were tried. */
static u32 burst(void)
{
	u32 words[WORDS], count = 1 + below(WORDS), msr = bits(), wait = 0, whole = 0, tried = 0;
	registers();
	if (below(2)) {
		msr |= PR | EE;
		for (u32 i = 0; i < count; i++)
			words[i] = user_word();
	} else if (below(8)) {
		for (u32 i = 0; i < count; i++)
			words[i] = supervisor_word();
	} else if (below(4)) { /* out by a return, to anywhere, in user mode */
		static const u32 RETURNS[] = { I_RFI, I_RFCI, I_RFMCI };
		static const u32 PLACES[] = { SRR0, CSRR0, MCSRR0 };
		u32 which = below(3);
		msr &= ~(EE | CE);
		words[0] = I_MTSPR(PLACES[which], 9);
		words[1] = I_MTSPR(PLACES[which] + 1, 7);
		words[2] = RETURNS[which];
		count = whole = 3; /* the return alone would return to itself */
	} else { /* a wait */
		wait = WE | EE;
		words[0] = I_MTMSR(6);
		count = 1;
	}
	MTSPR(PID, below(4) ? below(6) : random() & 0xFF);
	MTSPR(TCR, DIE);
	place_words(words, count);
	for (u32 first = 0; first < count;) {
		anchor(wait);
		__asm__ volatile("mtspr %0, %2; mtspr %1, %3"
				 : : "i"(TSR), "i"(DEC), "r"(0xFC000000), "r"(QUANTUM) : "memory");
		kept->state = random_state();
		kept->done = done + tried + 1;
		kept->answered = answered;
		run_from(first, msr);
		u32 last = reached();
		if (last > count || last < first)
			last = first; /* it was elsewhere: one word at least led there */
		tried += (last < count ? last : count - 1) - first + 1;
		first = whole ? count : last + 1;
	}
	return tried;
}

/* Makes the devices quiet, and the console usable. */
static void settle(void)
{
	MTSPR(DBCR0, 0);
	UART[3] = 3;
	UART[1] = 0;
	UART[2] = 0;
	UART[4] = 0;
	MTDCR(0xC2, 0);
	MTDCR(0xC3, 0);
	MTDCR(0xC0, 0xFFFFFFFF);
	MTSPR(TCR, 0);
}

static void tell(void)
{
	settle();
	if (rings)
		reset_devices();
	print("\n");
	print_number(done);
	print(" steps, ");
	print_number(answered);
	print(" requests answered, ");
	print_number(kept->resets);
	print(" resets\n");
}

/* Begins, or goes on behind a reset of its own. */
static void take_up(u32 number, u32 steps)
{
	if (lives && kept->magic == MAGIC && kept->seed == number && kept->steps == steps) {
		kept->resets++;
		done = kept->done;
		answered = kept->answered;
		set_random_state(kept->state);
		return;
	}
	kept->magic = MAGIC;
	kept->seed = number;
	kept->steps = steps;
	kept->resets = 0;
	seed(number);
}

/* Ends a machine that starts afresh when it resets: a fetch from where nothing is, with machine checks off. */
static void die(void)
{
	kept->magic = 0;
	tlb_set(FREE, 0, PAGES | VALID | SIZE_4K, 0x30000000, SX | SR);
	((void (*)(void))PAGES)();
}

void hostile(u32 number, u32 steps)
{
	rings = (u32)has_word("rings");
	lives = (u32)has_word("lives");
	take_up(number, steps);
	settle();
	restore();
	u32 told = done / REPORT;
	for (u32 bursts = 1; done < steps; bursts++) {
		if (bursts % ROUND == 0) {
			settle();
			restore();
		}
		if (rings && below(3) == 0) {
			ring_step();
			done++;
		}
		for (u32 entries = 1 + below(3); entries; entries--, done++)
			entry();
		done += burst();
		if (done / REPORT != told || done >= steps) {
			tell();
			told = done / REPORT;
		}
	}
	settle();
	print_number(steps);
	print(" steps done\n");
	if (lives)
		die();
}
