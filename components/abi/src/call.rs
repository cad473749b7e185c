//! Numbers of the system calls.

use crate::numbered::numbered;

numbered! {
    /// A system call, as `r0` names it.
    ///
    /// | number | name         | capability (right)    | in                               | out                          |
    /// |--------|--------------|-----------------------|----------------------------------|------------------------------|
    /// | 0      | `Null`       | self                  | –                                | –                            |
    /// | 1      | `Call`       | endpoint (`CALL`)     | `r12` tag, `r3-r10` words        | `r12` tag, `r3-r10` reply    |
    /// | 2      | `Recv`       | endpoint (`SERVE`)    | –                                | a message, or `Notified` and bits in `r3` |
    /// | 3      | `ReplyRecv`  | endpoint (`SERVE`)    | `r12` tag, `r3-r10` reply        | as `Recv`                    |
    /// | 4      | `Signal`     | notification (`SIGNAL`) | –                              | –                            |
    /// | 5      | `Wait`       | notification (`WAIT`) | –                                | bits in `r3`                 |
    /// | 6      | `Poll`       | notification (`WAIT`) | –                                | bits in `r3`, perhaps 0      |
    /// | 7      | `IrqAck`     | irq                   | –                                | –                            |
    /// | 8      | `TimerArm`   | timer (`USE`)         | `r3:r4` deadline, `r5:r6` period or 0, time-base ticks | –      |
    /// | 9      | `TimerCancel`| timer                 | –                                | –                            |
    /// | 10     | `Stop`       | domain (`CONTROL`)    | –                                | –                            |
    /// | 11     | `HaltNode`   | node (`HALT`)         | `r3` exit code                   | does not return              |
    /// | 12     | `Exit`       | self                  | `r3` exit code                   | does not return              |
    /// | 13     | `Fail`       | self                  | `r3` address, `r4` length of a message | does not return        |
    /// | 14     | `Restart`    | domain (`CONTROL`)    | –                                | –                            |
    /// | 15     | `Inspect`    | domain (`OBSERVE`)    | –                                | `r3` 1 if it runs, `r4` generation, `r5` faults |
    /// | 16     | `Counters`   | domain (`OBSERVE`)    | –                                | `r3-r10`, by [`Counter`](crate::Counter) |
    /// | 17     | `ReadRegisters` | thread (`OBSERVE`) | `r3` first register              | `r3-r10`, eight registers    |
    /// | 18     | `WriteRegister` | thread (`CONTROL`) | `r3` register, `r4` value        | –, or `PeerGone`             |
    /// | 19     | `Locate`     | region (`OBSERVE`)    | –                                | `r3:r4` physical address, `r5` bytes |
    /// | 20     | `DcrRead`    | dcr (`OBSERVE`)       | `r3` number within the range     | `r3` value, or `Hardware`    |
    /// | 21     | `DcrWrite`   | dcr (`USE`)           | `r3` number within the range, `r4` value | –, or `Hardware`     |
    /// | 22     | `Yield`      | self                  | –                                | –                            |
    /// | 23     | `VcpuRun`    | vcpu (`USE`)          | –                                | bits in `r3`, or 0: see [`vcpu`](crate::vcpu) |
    /// | 24     | `VcpuTranslate` | vcpu (`OBSERVE`)   | `r3` effective address           | `r3` 1 if there is one, `r4:r5` guest-physical address, `r6` rights as word 2 of an entry |
    pub enum Call: u32 {
        /// Does nothing: what entering and leaving the kernel costs.
        Null = 0,
        /// Sends a message and waits for the reply. The wait has no time limit; it ends with
        /// [`Status::PeerGone`](crate::Status::PeerGone) when the server's domain dies.
        Call = 1,
        /// Waits for a message, or for a signal of the thread's own notification.
        Recv = 2,
        /// Replies to the caller that this thread owes a reply, then does as [`Call::Recv`].
        ReplyRecv = 3,
        /// Sets the capability's badge bits in a notification.
        Signal = 4,
        /// Waits until bits are set in the thread's own notification; takes and clears them.
        Wait = 5,
        /// Takes and clears the notification's bits without waiting.
        Poll = 6,
        /// Says that the interrupt's device has been served: the line may interrupt again.
        IrqAck = 7,
        /// Signals the timer's notification once the time base has reached the deadline.
        TimerArm = 8,
        /// Forgets the timer's deadline.
        TimerCancel = 9,
        /// Stops a domain: its threads end, and its peers learn it.
        Stop = 10,
        /// Ends the node's run with an exit code.
        HaltNode = 11,
        /// Ends the calling thread.
        Exit = 12,
        /// Ends the calling domain with a report that carries a message of its own.
        Fail = 13,
        /// Starts a domain afresh, whether it runs or has stopped. Its peers learn that its earlier life ended.
        Restart = 14,
        /// Says whether a domain runs, which life it is in (its generation, from 0), and how many faults it had.
        Inspect = 15,
        /// Reads a domain's counters: the sums over its threads.
        Counters = 16,
        /// Reads eight registers of a thread: 0 to 31 are general, 32 CR, 33 LR, 34 CTR, 35 XER, 36 the next
        /// instruction; others read as zero.
        ReadRegisters = 17,
        /// Writes a register of a thread that waits for its fault handler.
        WriteRegister = 18,
        /// Says where a region lies in physical memory, for a device that moves data by itself.
        Locate = 19,
        /// Reads a device control register.
        DcrRead = 20,
        /// Writes a device control register.
        DcrWrite = 21,
        /// Lets other threads of the same priority run first.
        Yield = 22,
        /// Becomes the guest of a virtual CPU until something happens that is not the kernel's to handle, or the thread's
        /// notification is signalled. Only in images with a virtual machine.
        VcpuRun = 23,
        /// Translates an effective address as the guest's next data access would, by the guest's own TLB and without
        /// a fault.
        VcpuTranslate = 24,
    }
}
