/* The console: the first 16550, by polling. */
#include "guest.h"

#define UART ((volatile u8 *)0xEF600300)
enum { DATA_REGISTER = 0, LINE_STATUS = 5, READY = 0x20, EMPTY = 0x40 };

static void put(char letter)
{
	while (!(UART[LINE_STATUS] & READY))
		;
	UART[DATA_REGISTER] = (u8)letter;
}

void print(const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			put('\r');
		put(*text);
	}
	while (!(UART[LINE_STATUS] & EMPTY))
		;
}

void print_hex(u32 value)
{
	char text[9];
	for (int digit = 0; digit < 8; digit++)
		text[digit] = "0123456789abcdef"[value >> (28 - 4 * digit) & 15];
	text[8] = 0;
	print(text);
}

void print_number(u32 value)
{
	char text[11];
	char *start = text + 10;
	*start = 0;
	do {
		*--start = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	print(start);
}
