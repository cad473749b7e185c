/* What the C library has: formatted output, memory, sorting, strings, jumps, mathematics. */
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static jmp_buf back;

static int by_value(const void *a, const void *b)
{
        int x = *(const int *)a, y = *(const int *)b;
        return x < y ? -1 : x > y;
}

static void leave(int depth)
{
        if (depth == 0)
                longjmp(back, 42);
        leave(depth - 1);
}

int main(int count, char **arguments)
{
        printf("%d arguments, %s\n", count, arguments[1] ? arguments[1] : "one");
        int *numbers = malloc(100000 * sizeof *numbers);
        unsigned state = 7;
        for (int i = 0; i < 100000; i++)
                numbers[i] = (state = state * 1103515245 + 12345) >> 8;
        qsort(numbers, 100000, sizeof *numbers, by_value);
        printf("%d %d %d\n", numbers[0], numbers[50000], numbers[99999]);
        free(numbers);
        for (int i = -3; i <= 3; i++)
                printf("%.17g %.17g %.17g %.17g %a\n", tanh(i * 1.7), exp(i * 30.1), pow(1.1, i * 77), log(i + 3.5), cbrt(i));
        printf("%.9g %.9g %d\n", sqrtf(2), fmodf(17.3f, 0.7f), (int)lrint(-2.5));
        printf("%lld %llu %lld\n", 0x1234567890abLL * 1001, ~0ULL / 12345, -987654321987654321LL % 1000007);
        char text[200];
        snprintf(text, sizeof text, "%-20s|%+08.3f|%x|%e", "left", 3.14159, 0xBEEFu, 1e-300);
        puts(text);
        printf("%s %zu %d %ld %.3f\n", strstr(text, "|+"), strlen(text), memcmp(text, "left", 5), strtol("-0x7f", 0, 0), strtod("1.25e3", 0));
        int jumped = setjmp(back);
        if (jumped == 0)
                leave(20);
        printf("jumped %d\n", jumped);
        char *large = calloc(1, 5 << 20);
        memset(large + 1000, 0x5a, 4 << 20);
        unsigned sum = 0;
        for (int i = 0; i < 5 << 20; i += 13)
                sum = sum * 31 + large[i];
        printf("%u\n", sum);
        return 0;
}
