/* Numbers that look random, and are the same after the same seed. */
#include "guest.h"

static u32 state = 1;

void seed(u32 number)
{
	state = number * 2654435761u + 1;
	state = state ? state : 1;
}

/* Where the numbers are, for those who go on later. */
u32 random_state(void)
{
	return state;
}

void set_random_state(u32 value)
{
	state = value;
}

u32 random(void)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

u32 below(u32 end)
{
	return random() % end;
}
