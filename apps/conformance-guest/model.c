/* Random changes of TLB entries and random accesses, each held to what a plain list of entries says. The same seed gives
 * the same steps. */
#include "guest.h"

enum { ENTRIES = 24, FIRST = 20, STEPS = 1500, LEAST = 500, WINDOW = 0x54000000 };

#define CONTENTS(physical) ((physical) ^ 0xC0DE ^ salt)

static struct {
	u32 words[3], tid;
} model[ENTRIES];

/* Few enough to be met again, and now and then any. */
static u32 process(void)
{
	static const u32 FEW[] = { 0, 1, 2, 3, 0x81, 0xFF };
	return below(16) ? FEW[below(6)] : below(256);
}

/* A word of an entry. Large pages are rare, since hardly anything fits beside them. Those of 1 KiB are for the processor
 * alone: QEMU makes them larger. */
static u32 word(u32 number)
{
	static const u32 SIZES[] = { 1, 1, 1, 1, 2, 2, 3, 4, 5, 7, 9 };
	if (number == 2)
		return random() & (UX | UW | UR | SX | SW | SR);
	if (number == 1)
		return PAGES_AT + 0x1000 * below(256);
	u32 size = SIZES[below(32) ? below(7) : below(11)], mask = 0 - (1024u << 2 * size);
	return ((WINDOW + 0x1000 * below(64)) & mask) | size << 4 | (below(8) ? VALID : 0) | (below(4) ? 0 : SPACE1);
}

static u32 mask_of(u32 index)
{
	return 0 - (1024u << (model[index].words[0] >> 3 & 0x1E));
}

/* Writes some words of an entry in some order, with nothing between. QEMU wants a valid one to be invalid first. */
static void change(void)
{
	u32 index = below(ENTRIES), start = below(3), turn = 1 + below(2), writes = in_vm ? 1 + below(3) : 3;
	u32 words[3], tid = below(2) ? 0 : process(), entry = FIRST + index;
	for (u32 i = 0; i < 3; i++)
		words[i] = word(i);
	if (!in_vm)
		words[1] &= 0 - (1024u << (words[0] >> 3 & 0x1E));
	if (!in_vm || !below(8)) {
		tlb_clear(entry);
		model[index].words[0] = 0;
	}
	MTSPR(MMUCR, tid);
	for (u32 i = 0; i < writes; i++) {
		u32 which = (start + turn * i) % 3, value = words[which];
		model[index].words[which] = value;
		if (which == 0) {
			model[index].tid = tid;
			__asm__ volatile("tlbwe %0, %1, 0" : : "r"(value), "r"(entry) : "memory");
		} else if (which == 1) {
			__asm__ volatile("tlbwe %0, %1, 1" : : "r"(value), "r"(entry) : "memory");
		} else {
			__asm__ volatile("tlbwe %0, %1, 2" : : "r"(value), "r"(entry) : "memory");
		}
	}
	__asm__ volatile("isync" : : : "memory");
	MTSPR(MMUCR, 0);
}

/* The entry that translates an address, -1 for none, -2 if there are several, which the manual leaves undefined. */
static int find(u32 address, u32 space, u32 pid)
{
	int found = -1;
	for (u32 index = 0; index < ENTRIES; index++) {
		u32 word0 = model[index].words[0];
		if (!(word0 & VALID) || (word0 & SPACE1) != space || ((word0 ^ address) & mask_of(index)))
			continue;
		if (model[index].tid && model[index].tid != pid)
			continue;
		if (found >= 0)
			return -2;
		found = (int)index;
	}
	return found;
}

/* One access in one context; says whether it could be held to the list. */
static int use(void)
{
	u32 address = WINDOW + 0x1000 * below(68) + 4 * below(256), pid = process(), kind = below(3);
	u32 msr = (below(2) ? PR : 0) | (below(4) ? 0 : IS) | (below(4) ? 0 : DS);
	int index = find(address, msr & (kind == 2 ? IS : DS) ? SPACE1 : 0, pid);
	if (index == -2)
		return 0;
	u32 physical = 0, rights = 0;
	if (index >= 0) {
		u32 mask = mask_of((u32)index);
		physical = (model[index].words[1] & mask) | (address & ~mask);
		rights = msr & PR ? model[index].words[2] >> 3 : model[index].words[2];
		*at(physical) = kind == 2 ? I_SC : CONTENTS(physical);
		coherent(physical);
	}
	frame.gpr[5] = 0xA5000005;
	frame.gpr[6] = 0x77000000 | (random() & 0xFFFF);
	frame.gpr[8] = address;
	frame.gpr[9] = pid;
	/* Supervisor state writes PID by itself, in a run of such instructions. */
	u32 first = 0, code[5];
	if (!(msr & PR) && below(2)) {
		code[first++] = I_MTSPR(SPRG0, 9);
		code[first++] = I_MTSPR(PID, 9);
		code[first++] = I_ISYNC;
		MTSPR(PID, process());
	} else {
		MTSPR(PID, pid);
	}
	if (kind == 2) {
		code[first] = I_MTSPR(9, 8);
		code[first + 1] = 0x4E800420; /* bctr */
		run(msr, code, first + 2);
		int there = index >= 0, may = there && rights & SX;
		want("interrupt of fetch", frame.vector, may ? SYSTEM_CALL : there ? INSTRUCTION : INSTRUCTION_MISS);
		want("SRR0 of fetch", frame.srr0, may ? address + 4 : address);
		want("SRR1 of fetch", frame.srr1, msr);
	} else {
		int store = kind == 1;
		code[first] = store ? I_STW(6, 0, 8) : I_LWZ(5, 0, 8);
		run(msr, code, first + 1);
		if (index >= 0 && rights & (store ? SW : SR)) {
			want_end(first + 1, msr);
			want(store ? "stored" : "loaded", store ? *at(physical) : frame.gpr[5], store ? frame.gpr[6] : CONTENTS(physical));
		} else {
			want_interrupt(index >= 0 ? DATA : DATA_MISS, first, msr);
			want("DEAR", frame.dear, address);
			want("ESR", frame.esr, store ? ST : 0);
			want("r5", frame.gpr[5], 0xA5000005);
		}
	}
	if (index >= 0)
		*at(physical) = CONTENTS(physical);
	return 1;
}

void model_cases(void)
{
	static const char *const NAMES[] = { "1", "2", "3", "4", "5", "6" };
	for (u32 number = 0; number < sizeof NAMES / sizeof *NAMES; number++) {
		if (!begin(ALL, "tlb", "model", NAMES[number]))
			continue;
		u32 held = 0;
		seed(number + 1);
		for (u32 index = 0; index < ENTRIES; index++) {
			model[index].words[0] = model[index].words[2] = model[index].tid = 0;
			model[index].words[1] = PAGES_AT; /* a word that is not written yet does not lead to the guest's image */
			tlb_set(FIRST + index, 0, 0, PAGES_AT, 0);
		}
		for (u32 step = 0; step < STEPS; step++)
			if (below(3))
				held += (u32)use();
			else
				change();
		want("enough was examined", held >= LEAST, 1);
		end();
	}
}
