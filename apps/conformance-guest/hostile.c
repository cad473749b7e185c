#include "guest.h"
void hostile(u32 seed, u32 steps) { (void)seed; (void)steps; }
