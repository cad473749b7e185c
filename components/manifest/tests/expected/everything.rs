// Derived from component.ron by the build script; change the manifest instead.

/// The ports of `everything`: what the spec joins each to.
pub trait Ports {
    /// The required port `console`: `Console@1`.
    type Console: ::interfaces::Console;
    /// The required port `data_log`: `Log@3`.
    type DataLog: ::interfaces::Log;
    /// The required port `spare`: `Log@3`, if the spec wires it.
    type Spare: ::interfaces::Log;
    /// The clients of the provided port `console`: `Console@1`.
    type ConsoleClients: ::runtime::Clients;
    /// The clients of the provided port `ticks`: `Clock@2`.
    type TicksClients: ::runtime::Clients;
    /// The device `uart`: `ns16550*/`.
    type Uart: ::runtime::Device;
    /// The memory `scratch`: at least 64 KiB.
    type Scratch: ::runtime::Memory;
    /// The memory `ring`: at least 4 KiB.
    type Ring: ::runtime::DmaMemory;
    /// The timer `tick`.
    type Tick: ::runtime::Timer;
    /// The grant `node`: to end the node's run.
    type Node: ::runtime::Halt;
    /// The grant `victim`: to stop and restart another domain.
    type Victim: ::runtime::Control;
    /// The grant `neighbour`: to see what another domain is at.
    type Neighbour: ::runtime::Observe;
    /// The grant `patient`: to read and write another domain's registers.
    type Patient: ::runtime::Registers;
    /// The grant `doorbell`: to use device control registers.
    type Doorbell: ::runtime::Dcr;
    /// The grant `trace`: to read the kernel's trace.
    type Trace: ::runtime::Trace;
    /// `meter`; `false` if the spec is silent.
    type Meter: ::runtime::Choice;
}

/// What the component is handed: one value for each port.
pub struct Wires<P: Ports> {
    /// The required port `console`: `Console@1`.
    pub console: P::Console,
    /// The required port `data_log`: `Log@3`.
    pub data_log: P::DataLog,
    /// The required port `spare`: `Log@3`, if the spec wires it.
    pub spare: ::core::option::Option<P::Spare>,
    /// The clients of the provided port `console`: `Console@1`.
    pub console_clients: P::ConsoleClients,
    /// The clients of the provided port `ticks`: `Clock@2`.
    pub ticks_clients: P::TicksClients,
    /// The device `uart`: `ns16550*/`.
    pub uart: P::Uart,
    /// The memory `scratch`: at least 64 KiB.
    pub scratch: P::Scratch,
    /// The memory `ring`: at least 4 KiB.
    pub ring: P::Ring,
    /// The timer `tick`.
    pub tick: P::Tick,
    /// The grant `node`: to end the node's run.
    pub node: P::Node,
    /// The grant `victim`: to stop and restart another domain.
    pub victim: P::Victim,
    /// The grant `neighbour`: to see what another domain is at.
    pub neighbour: P::Neighbour,
    /// The grant `patient`: to read and write another domain's registers.
    pub patient: P::Patient,
    /// The grant `doorbell`: to use device control registers.
    pub doorbell: P::Doorbell,
    /// The grant `trace`: to read the kernel's trace.
    pub trace: P::Trace,
}

/// What the spec sets.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// `rounds`, from 1 to 1000; `3` if the spec is silent.
    pub rounds: u32,
    /// `seed`; the spec must set it.
    pub seed: u32,
    /// `loud`; `true` if the spec is silent.
    pub loud: bool,
    /// `quiet`; the spec must set it.
    pub quiet: bool,
    /// `greeting`; `"say \"hello\""` if the spec is silent.
    pub greeting: &'static str,
    /// `quote`; it has a default.
    pub quote: &'static str,
    /// `target`; the spec must set it.
    pub target: &'static str,
}

/// How an instance comes to be: the generated main makes one and drives it.
pub trait Component<P: Ports>: Sized {
    /// An instance with its ports and its configuration.
    fn new(wires: Wires<P>, config: Config) -> Self;
}

// `Everything` is what the manifest says: the compiler proves it here, for any ports.
const _: () = {
    fn _fits<P: Ports, C>()
    where
        C: Component<P>,
        C: ::runtime::Passive,
        C: ::interfaces::ServeConsole,
        C: ::interfaces::ServeClock,
    {
    }
    fn _proof<P: Ports>() {
        _fits::<P, crate::Everything<P>>();
    }
};
