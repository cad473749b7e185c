/* The conformance guest: what the processor does, held to its manual, natively and in a virtual machine.
 *
 * docs/reference/conformance-guest.md lists the cases. */
#include "guest.h"

void guest(const u8 *tree);
void unexpected(void);

/* Resets the machine by DBCR0[RST]. */
static void reset(void)
{
	MTSPR(DBCR0, 0x30000000);
	for (;;)
		;
}

void unexpected(void)
{
	print("bad: interrupt ");
	print_number(frame.vector);
	print(" in the guest's own program at ");
	print_hex(frame.srr0);
	print(" or ");
	print_hex(frame.csrr0);
	print(", DEAR ");
	print_hex(frame.dear);
	print(", ESR ");
	print_hex(frame.esr);
	print("\n");
	reset();
}

/* What two guests beside each other would notice of each other: translation, processes, floating point. */
static void pair_cases(void)
{
	tlb_cases();
	alias_cases();
	flush_cases();
	model_cases();
	process_cases();
	float_cases();
}

void guest(const u8 *tree)
{
	arguments(tree);
	prepare();
	if (is_after_reset()) {
		reset_cases();
		summary();
		reset();
	}
	print("conformance guest\n");
	u32 steps = number_of("steps=");
	if (steps) {
		hostile(number_of("seed="), steps);
		reset();
	}
	if (has_word("pair")) {
		pair_cases();
		summary();
		reset();
	}
	privileged_cases();
	register_cases();
	interrupt_cases();
	return_cases();
	tlb_cases();
	alias_cases();
	flush_cases();
	model_cases();
	rights_cases();
	process_cases();
	timer_cases();
	float_cases();
	uic_cases();
	cache_cases();
	device_cases();
	fault_cases();
	debug_cases();
	reset_cases();
	summary();
	reset();
}
