/* What a case says: `ok NAME`, or `bad NAME` with what differs. And the words on the command line:
 *
 *   vm          the cases run in which QEMU deviates from the manual
 *   list        names instead of results; ` vm` behind those that run in a VM only
 *   only=TEXT   cases whose names begin so
 *   pair        only what another guest might disturb
 *   salt=N      other contents of memory than with another number
 *   spoil=NAME  the case's first expectation is made wrong: a case that says ok then examines nothing
 */
#include "guest.h"

int in_vm;
/* What distinguishes this guest's memory from that of others which run the same cases. */
u32 salt;
static int listing;
static char line[256];
static char spoiled[48], only[48];
static char name[48];
static u32 cases, bad_cases;
static int complaints, spoil;

void *memcpy(void *to, const void *from, __SIZE_TYPE__ count)
{
	for (__SIZE_TYPE__ i = 0; i < count; i++)
		((volatile u8 *)to)[i] = ((const u8 *)from)[i];
	return to;
}

static int equal(const char *one, const char *other)
{
	while (*one && *one == *other)
		one++, other++;
	return *one == *other;
}

static int starts(const char *text, const char *start)
{
	while (*start)
		if (*text++ != *start++)
			return 0;
	return 1;
}

/* The word of the command line that begins so, or null. */
static const char *find(const char *start)
{
	const char *word = line;
	while (*word) {
		while (*word == ' ')
			word++;
		if (starts(word, start))
			return word;
		while (*word && *word != ' ')
			word++;
	}
	return 0;
}

int has_word(const char *word)
{
	const char *found = find(word);
	u32 length = 0;
	while (word[length])
		length++;
	return found && (found[length] == 0 || found[length] == ' ');
}

static void text_of(const char *key, char *into, u32 room)
{
	const char *found = find(key);
	if (!found)
		return;
	while (*key++)
		found++;
	while (*found && *found != ' ' && --room)
		*into++ = *found++;
	*into = 0;
}

u32 number_of(const char *key)
{
	char digits[12] = "";
	u32 value = 0;
	text_of(key, digits, sizeof digits);
	for (const char *digit = digits; *digit >= '0' && *digit <= '9'; digit++)
		value = value * 10 + (u32)(*digit - '0');
	return value;
}

/* Reads /chosen/bootargs; no other node of ours has a property of that name. */
void arguments(const u8 *tree)
{
	const u32 *header = (const u32 *)tree;
	if (header[0] != 0xD00DFEED)
		return;
	const u32 *item = (const u32 *)(tree + header[2]);
	const char *strings = (const char *)tree + header[3];
	for (;;) {
		u32 token = *item++;
		if (token == 1) { /* a node: its name */
			const char *node = (const char *)item;
			u32 length = 0;
			while (node[length])
				length++;
			item += length / 4 + 1;
		} else if (token == 3) { /* a property: length, name, value */
			u32 length = item[0];
			if (equal(strings + item[1], "bootargs"))
				for (u32 i = 0; i < length && i < sizeof line - 1; i++)
					line[i] = ((const char *)(item + 2))[i];
			item += 2 + (length + 3) / 4;
		} else if (token == 9) {
			break;
		}
	}
	in_vm = has_word("vm");
	listing = has_word("list");
	salt = number_of("salt=") << 20;
	text_of("spoil=", spoiled, sizeof spoiled);
	text_of("only=", only, sizeof only);
}

static void call(const char *group, const char *middle, const char *variant)
{
	const char *parts[3] = { group, middle, variant };
	char *to = name;
	for (int part = 0; part < 3 && parts[part]; part++) {
		if (part)
			*to++ = '.';
		for (const char *from = parts[part]; *from; from++)
			*to++ = *from;
	}
	*to = 0;
}

int begin(enum where where, const char *group, const char *middle, const char *variant)
{
	call(group, middle, variant);
	if (!starts(name, only))
		return 0;
	if (listing) {
		print(name);
		print(where == VM_ONLY ? " vm\n" : "\n");
		return 0;
	}
	if (where == VM_ONLY && !in_vm)
		return 0;
	complaints = 0;
	spoil = equal(name, spoiled);
	restore();
	return 1;
}

/* Goes on with a case that had begun before a reset, so many others before it. */
void resume(const char *group, const char *middle, u32 before, u32 bad_before)
{
	call(group, middle, 0);
	cases = before;
	bad_cases = bad_before;
	complaints = 0;
	spoil = 0;
}

u32 count(u32 *bad)
{
	*bad = bad_cases;
	return cases;
}

void want(const char *what, u32 got, u32 expected)
{
	if (spoil) {
		expected ^= 1;
		spoil = 0;
	}
	if (got == expected)
		return;
	if (!complaints) {
		print("bad ");
		print(name);
	}
	if (complaints++ > 3)
		return;
	print("; ");
	print(what);
	print(" ");
	print_hex(got);
	print(" for ");
	print_hex(expected);
}

void end(void)
{
	cases++;
	if (complaints) {
		bad_cases++;
		print("\n");
		return;
	}
	print("ok ");
	print(name);
	print("\n");
}

void summary(void)
{
	if (listing)
		return;
	print_number(cases);
	print(" cases, ");
	print_number(bad_cases);
	print(" bad\n");
}
