/* Integers as system software has them: a sort, and a CRC by bits over what was sorted. */
enum { COUNT = 20000, ROUNDS = 72 };

static unsigned numbers[COUNT];

static void sort(unsigned *first, unsigned *last)
{
        while (last - first > 12) {
                unsigned pivot = first[(last - first) / 2];
                unsigned *low = first, *high = last - 1;
                for (;;) {
                        while (*low < pivot)
                                low++;
                        while (*high > pivot)
                                high--;
                        if (low >= high)
                                break;
                        unsigned other = *low;
                        *low++ = *high;
                        *high-- = other;
                }
                sort(first, low);
                first = low;
        }
        for (unsigned *one = first + 1; one < last; one++) {
                unsigned value = *one, *place = one;
                for (; place > first && place[-1] > value; place--)
                        *place = place[-1];
                *place = value;
        }
}

unsigned work(void)
{
        unsigned state = 1, sum = ~0u;
        for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < COUNT; i++) {
                        state = state * 1664525 + 1013904223;
                        numbers[i] = state;
                }
                sort(numbers, numbers + COUNT);
                for (int i = 0; i < COUNT; i += 8) {
                        sum ^= numbers[i];
                        for (int bit = 0; bit < 32; bit++)
                                sum = sum >> 1 ^ (sum & 1 ? 0xEDB88320 : 0);
                }
        }
        return sum;
}
