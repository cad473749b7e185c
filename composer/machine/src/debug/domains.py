# Domains share virtual addresses, so one domain's symbols are shown at a time: those of the domain whose PID the
# processor has. The kernel's own addresses are nobody else's, and its symbols always stand.

KERNEL = 0xF000_0000
shown = None


def show(pid):
    """Shows the symbols of the domain with this PID, and hides those of the one before."""
    global shown
    if pid == shown:
        return
    if shown in DOMAINS:
        gdb.execute('remove-symbol-file "%s"' % DOMAINS[shown][1], to_string=True)
    shown = pid
    if pid in DOMAINS:
        gdb.execute('add-symbol-file "%s"' % DOMAINS[pid][1], to_string=True)


def current():
    """The processor's PID. It is the kernel's caller's in the kernel, too."""
    return int(gdb.parse_and_eval("$pid")) & 0xFF


def follow():
    """After a stop."""
    try:
        show(current())
    except gdb.error:
        # The machine has ended.
        pass


def pid_of(name):
    for pid, (known, _) in DOMAINS.items():
        if known == name:
            return pid
    raise gdb.GdbError("no domain `%s`; there are %s" % (name, ", ".join(name for name, _ in DOMAINS.values())))


class DomainCommand(gdb.Command):
    """List domains, or show the symbols of one until the next stop: fugue-domain [NAME]"""

    def __init__(self):
        super().__init__("fugue-domain", gdb.COMMAND_FILES)

    def invoke(self, argument, from_tty):
        if argument:
            show(pid_of(argument))
            return
        here = current()
        for pid, (name, path) in DOMAINS.items():
            print("%s %2d %-16s %s" % ("*" if pid == here else " ", pid, name, path))

    def complete(self, text, word):
        return [name for name, _ in DOMAINS.values() if name.startswith(word)]


class BreakCommand(gdb.Command):
    """Break in one domain alone: fugue-break NAME LOCATION"""

    def __init__(self):
        super().__init__("fugue-break", gdb.COMMAND_BREAKPOINTS)

    def invoke(self, argument, from_tty):
        name, _, location = argument.partition(" ")
        if not location:
            raise gdb.GdbError("fugue-break NAME LOCATION")
        pid = pid_of(name)
        before = shown
        show(pid)
        try:
            # Addresses stay when the symbols change; the condition tells whose they are.
            places = [place.pc for place in gdb.decode_line(location)[1] or []]
        except gdb.error as error:
            raise gdb.GdbError(str(error))
        finally:
            show(before)
        places = [pc for pc in places if pc < KERNEL]
        if not places:
            raise gdb.GdbError("no `%s` in domain `%s`" % (location, name))
        for pc in places:
            gdb.Breakpoint("*%#x" % pc).condition = "$pid == %d" % pid

    def complete(self, text, word):
        if " " in text:
            return gdb.COMPLETE_LOCATION
        return [name for name, _ in DOMAINS.values() if name.startswith(word)]


DomainCommand()
BreakCommand()
