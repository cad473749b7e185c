/* Doubles as numerical programs have them: multiply-add over vectors, a small matrix product, divisions. */
enum { COUNT = 2000, SIZE = 40, ROUNDS = 240 };

static double x[COUNT], y[COUNT], a[SIZE][SIZE], b[SIZE][SIZE], c[SIZE][SIZE];

unsigned work(void)
{
        for (int i = 0; i < COUNT; i++) {
                x[i] = 1.0 + i / 3.0;
                y[i] = 2.0 - i / 7.0;
        }
        for (int i = 0; i < SIZE; i++)
                for (int j = 0; j < SIZE; j++) {
                        a[i][j] = 1.0 / (1 + i + j);
                        b[i][j] = i - 0.1 * j;
                }
        for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < COUNT; i++)
                        y[i] = y[i] * 0.999 + x[i] * 1.001;
                for (int i = 0; i < SIZE; i++)
                        for (int j = 0; j < SIZE; j++) {
                                double sum = 0;
                                for (int k = 0; k < SIZE; k++)
                                        sum += a[i][k] * b[k][j];
                                c[i][j] = sum;
                        }
                for (int i = 0; i < COUNT; i += 4)
                        x[i] = y[i] / (1.5 + c[i % SIZE][round % SIZE] * c[i % SIZE][round % SIZE]);
        }
        return (unsigned)(int)y[7];
}
