/* Resets, of which the machine's memory tells afterwards: what came before is in RAM that nobody clears. Natively the
 * run ends with a reset. */
#include "guest.h"

enum { MAGIC = 0x46554755 };
enum { WIE = 0x08000000, ENW = 0x80000000, WIS = 0x40000000, WRS = 0x30000000, DBSR = 304 };

static struct {
	u32 magic, number, cases, bad_cases;
} *const kept = (void *)0x02F00000;

static const struct {
	const char *name;
	u32 watchdog, kind;
} RESETS[] = {
	{ "core", 0, 1 }, { "chip", 0, 2 }, { "system", 0, 3 },
	{ "watchdog-core", 1, 1 }, { "watchdog-chip", 1, 2 }, { "watchdog-system", 1, 3 },
};
#define COUNT (sizeof RESETS / sizeof *RESETS)

/* The machine was reset on purpose. */
int is_after_reset(void)
{
	return kept->magic == MAGIC;
}

static void reset(u32 number)
{
	kept->number = number;
	kept->cases = count(&kept->bad_cases);
	kept->magic = MAGIC;
	/* What a reset has to undo. */
	MTSPR(PID, 5);
	MTSPR(DEAR, 0x12345678);
	MTSPR(SPRG0, 0x12345678);
	MTDCR(0xC2, 0x00005550);
	if (!RESETS[number].watchdog) {
		MTSPR(DBCR0, RESETS[number].kind << 28);
		want("what follows a reset", 1, 0);
		return;
	}
	MTSPR(TSR, ENW | WIS);
	MTSPR(TCR, RESETS[number].kind << 28);
	/* Once set, the kind cannot be changed. */
	MTSPR(TCR, 0);
	want("TCR", MFSPR(TCR), RESETS[number].kind << 28);
	for (;;)
		;
}

/* Goes on behind the reset, or begins. */
void reset_cases(void)
{
	u32 number = 0;
	if (is_after_reset()) {
		/* `prepare` has cleared no register that is looked at here. */
		number = kept->number;
		kept->magic = 0;
		resume("reset", RESETS[number].name, kept->cases, kept->bad_cases);
		want("TSR", MFSPR(TSR) & (ENW | WIS | WRS), RESETS[number].watchdog ? RESETS[number].kind << 28 : 0);
		want("TCR", MFSPR(TCR), 0);
		want("DBSR", MFSPR(DBSR), RESETS[number].kind << 28);
		want("DBCR0", MFSPR(DBCR0), 0);
		want("PID", MFSPR(PID), 0);
		want("ER", MFDCR(0xC2), 0);
		MTSPR(DBSR, 0xFFFFFFFF);
		MTSPR(TSR, 0xFFFFFFFF);
		want("DBSR after", MFSPR(DBSR), 0);
		end();
		number++;
	}
	for (; number < COUNT; number++)
		if (begin(VM_ONLY, "reset", RESETS[number].name, 0))
			reset(number);
}
