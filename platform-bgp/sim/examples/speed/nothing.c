/* Ends at once: what remains is how long a simulator takes to start. */
unsigned work(void)
{
        return 0;
}
