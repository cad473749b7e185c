/* Running a case's instructions. */
#include "guest.h"

/* Bytes of a line of the caches. */
enum { LINE = 32 };

_Static_assert(__builtin_offsetof(struct { u32 gpr[32]; u32 pc; }, pc) == FRAME_PC - FRAME, "frame.h");
_Static_assert(sizeof(struct frame) == FRAME_INSIDE - FRAME + 4, "frame.h");

void tlb_clear(u32 index)
{
	__asm__ volatile("tlbwe %0, %1, 0; isync" : : "r"(0), "r"(index) : "memory");
}

/* Writes an entry. It is invalid first: QEMU does not notice every change of a valid one. */
void tlb_set(u32 index, u32 tid, u32 word0, u32 word1, u32 word2)
{
	tlb_clear(index);
	MTSPR(MMUCR, tid);
	__asm__ volatile("tlbwe %0, %3, 1; tlbwe %1, %3, 2; tlbwe %2, %3, 0; isync"
			 : : "r"(word1), "r"(word2), "r"(word0), "r"(index) : "memory");
	MTSPR(MMUCR, 0);
}

/* Makes stored instructions of one line of the caches such that can be fetched. */
void coherent(u32 address)
{
	__asm__ volatile("dcbst 0, %0; msync; icbi 0, %0; msync; isync" : : "r"(address) : "memory");
}

/* Once, at the start. */
void prepare(void)
{
	MTSPR(IVPR, 0);
#define VECTOR(n) MTSPR(IVOR0 + n, VECTORS + 16 * n)
	VECTOR(0); VECTOR(1); VECTOR(2); VECTOR(3); VECTOR(4); VECTOR(5); VECTOR(6); VECTOR(7);
	VECTOR(8); VECTOR(9); VECTOR(10); VECTOR(11); VECTOR(12); VECTOR(13); VECTOR(14); VECTOR(15);
	tlb_set(UART_ENTRY, 0, 0xEF600000 | VALID | SIZE_4K, 0xEF600000, INHIBITED | GUARDED | SW | SR);
}

/* Before each case: timers off, own entries alone, known registers. */
void restore(void)
{
	MTSPR(TCR, 0);
	MTSPR(DECAR, 0);
	MTSPR(DEC, 0x7FFFFFFF);
	MTSPR(TSR, 0xFC000000);
	MTSPR(PID, 0);
	MTSPR(ESR, 0);
	MTSPR(DEAR, 0);
	for (u32 index = FREE; index < 64; index++)
		tlb_clear(index);
	tlb_set(CODE_ENTRY, 0, CODE | VALID | SIZE_4K, CODE_AT, UX | SX | SR);
	tlb_set(DATA_ENTRY, 0, DATA_PAGE | VALID | SIZE_4K, DATA_AT, UW | UR | SW | SR);
	tlb_set(CODE1_ENTRY, 0, CODE | VALID | SPACE1 | SIZE_4K, CODE_AT, UX | SX | SR);
	for (u32 i = 0; i < 32; i++)
		frame.gpr[i] = 0xA5000000 | i;
	frame.cr = frame.xer = frame.lr = frame.ctr = 0;
}

/* Puts instructions where cases run, with `sc` behind them. */
void place_words(const u32 *words, u32 count)
{
	for (u32 i = 0; i <= count; i++)
		*at(CODE_AT + 4 * i) = i < count ? words[i] : I_SC;
	for (u32 i = 0; i <= count; i += LINE / 4)
		coherent(CODE_AT + 4 * i);
}

/* Runs what was placed, from the instruction with this number on, until an interrupt comes. */
void run_from(u32 index, u32 msr)
{
	frame.pc = CODE + 4 * index;
	frame.msr = msr;
	enter();
}

/* Runs instructions, behind which stands `sc`, until an interrupt comes. */
void run(u32 msr, const u32 *words, u32 count)
{
	place_words(words, count);
	run_from(0, msr);
}

/* Expects an interrupt at an instruction, with the state of that moment. */
void want_interrupt(u32 vector, u32 index, u32 msr)
{
	/* QEMU puts the reason of a program interrupt over bits of the MSR. */
	u32 mask = !in_vm && vector == PROGRAM ? ~0x001E0000u : ~0u;
	want("interrupt", frame.vector, vector);
	want("SRR0", frame.srr0, CODE + 4 * index);
	want("SRR1", frame.srr1 & mask, msr);
}

/* Expects that the instructions ran to their end, the `sc` at this index. */
void want_end(u32 index, u32 msr)
{
	want_interrupt(SYSTEM_CALL, index + 1, msr);
}
