//! The virtio devices, in windows one behind the other.

use heapless::Vec;
use interfaces::Ethernet;
use runtime::WireError;
use runtime::vm::{DiskContents, GuestMemory, VirtualMachine, VmSpec};
use virtio::{Block, Console, Endian, Entropy, Network, Seeded, Version, Virtio, WINDOW_BYTES};
use virtual_device::{VirtualDevice, Width};

use super::VIRTIO_INPUT;
use super::lines::Lines;
use super::moments::Moments;
use super::port::Port;
use crate::uic::{self, Uic};

/// The most disks of a guest.
const DISKS: usize = 4;
/// How many windows there are.
pub const WINDOWS: usize = FIRST_DISK + DISKS;
/// Bytes of all windows.
pub(super) const BYTES: u32 = WINDOWS as u32 * WINDOW_BYTES;

/// Windows of the devices of which there is at most one; those of the disks follow.
const CONSOLE: usize = 0;
const ENTROPY: usize = 1;
const NETWORK: usize = 2;
const FIRST_DISK: usize = 3;

/// Inputs of the interrupt controller that belong to windows.
const INPUTS: u32 = {
    let mut inputs = 0;
    let mut window = 0;
    while window < WINDOWS {
        inputs |= input(window);
        window += 1;
    }
    inputs
};

/// The input of a window, as the interrupt controller has it in its registers.
const fn input(window: usize) -> u32 {
    uic::bit(VIRTIO_INPUT + window as u32)
}

/// The devices that there are.
#[derive(Debug)]
pub struct Slots<N> {
    console: Option<Virtio<Console<Lines>>>,
    entropy: Option<Virtio<Entropy<Moments>>>,
    network: Option<Virtio<Network<Port<N>>>>,
    disks: Vec<Virtio<Block<DiskContents<'static>>>, DISKS>,
    /// The inputs that are active.
    active: u32,
}

impl<N: Ethernet> Slots<N> {
    /// What the spec gives the guest of `vm`, and a network device if there is a network.
    pub fn new(vm: &impl VirtualMachine, network: Option<N>) -> Self {
        let VmSpec { devices: wanted, disks, .. } = vm.spec();
        // A big-endian guest's own byte order.
        let version = if wanted.is_modern { Version::Modern } else { Version::Legacy(Endian::Big) };
        Self {
            console: wanted.console.then(|| Virtio::new(Console::new(Lines::new()), version)),
            entropy: wanted.entropy.then(|| Virtio::new(Entropy::new(Moments(Seeded::new(0))), version)),
            network: network.map(|network| {
                Virtio::new(Network::new(Port::new(network), wanted.mac.unwrap_or_default()), version)
            }),
            disks: disks
                .iter()
                .map(|disk| Virtio::new(Block::new(disk.contents, disk.name), version))
                .collect(),
            active: 0,
        }
    }

    /// Takes the address that the network gives, if there is one and the spec gives none.
    ///
    /// # Errors
    ///
    /// What the network answers.
    pub fn join(&mut self, vm: &impl VirtualMachine) -> Result<(), WireError> {
        if let (Some(network), None) = (&mut self.network, vm.spec().devices.mac) {
            let address = network.device().link().address()?;
            network.device().set_address(address);
        }
        Ok(())
    }

    /// Which windows have a device.
    pub fn windows(&self) -> [bool; WINDOWS] {
        let mut windows = [false; WINDOWS];
        windows[CONSOLE] = self.console.is_some();
        windows[ENTROPY] = self.entropy.is_some();
        windows[NETWORK] = self.network.is_some();
        windows[FIRST_DISK..FIRST_DISK + self.disks.len()].fill(true);
        windows
    }

    /// The console's text; nothing if there is no console.
    #[inline]
    pub fn lines(&mut self) -> Option<&mut Lines> {
        self.console.as_mut().map(|console| console.device().terminal())
    }

    /// Whether there is a console.
    #[inline]
    pub const fn has_console(&self) -> bool {
        self.console.is_some()
    }

    /// The console's text has moved on.
    pub fn text_moved<M: GuestMemory>(&mut self, memory: &mut M) {
        if let Some(console) = &mut self.console {
            console.notified(memory);
            self.note::<M>(CONSOLE);
        }
    }

    /// Something has come from outside: gives the guest the frames that are there, if it has room for them.
    pub fn look_outside<M: GuestMemory>(&mut self, memory: &mut M) {
        if let Some(network) = &mut self.network
            && network.device().link().listen()
        {
            network.notified(memory);
            self.note::<M>(NETWORK);
        }
    }

    pub(super) fn reset<M: GuestMemory>(&mut self) {
        self.console.iter_mut().for_each(VirtualDevice::<M>::reset);
        self.entropy.iter_mut().for_each(VirtualDevice::<M>::reset);
        self.network.iter_mut().for_each(VirtualDevice::<M>::reset);
        self.disks.iter_mut().for_each(VirtualDevice::<M>::reset);
        self.active = 0;
    }

    /// Brings the interrupt controller up to date.
    #[inline]
    pub(super) fn update(&self, uic: &mut Uic) {
        uic.set_inputs(INPUTS, self.active);
    }

    /// Looks at a window's interrupt.
    fn note<M: GuestMemory>(&mut self, window: usize) {
        fn level<D: VirtualDevice<M>, M>(device: Option<&D>) -> bool {
            device.is_some_and(|device| device.interrupt())
        }
        let is_active = match window {
            CONSOLE => level::<_, M>(self.console.as_ref()),
            ENTROPY => level::<_, M>(self.entropy.as_ref()),
            NETWORK => level::<_, M>(self.network.as_ref()),
            disk => level::<_, M>(self.disks.get(disk - FIRST_DISK)),
        };
        self.active = if is_active { self.active | input(window) } else { self.active & !input(window) };
    }

    pub(super) fn read<M: GuestMemory>(&mut self, offset: u32, width: Width, memory: &mut M) -> Option<u32> {
        let within = offset % WINDOW_BYTES;
        Some(match (offset / WINDOW_BYTES) as usize {
            CONSOLE => self.console.as_mut()?.read(within, width, memory),
            ENTROPY => self.entropy.as_mut()?.read(within, width, memory),
            NETWORK => self.network.as_mut()?.read(within, width, memory),
            disk => self.disks.get_mut(disk - FIRST_DISK)?.read(within, width, memory),
        })
    }

    pub(super) fn write<M: GuestMemory>(
        &mut self,
        offset: u32,
        width: Width,
        value: u32,
        memory: &mut M,
    ) -> Option<()> {
        let within = offset % WINDOW_BYTES;
        let window = (offset / WINDOW_BYTES) as usize;
        match window {
            CONSOLE => self.console.as_mut()?.write(within, width, value, memory),
            ENTROPY => self.entropy.as_mut()?.write(within, width, value, memory),
            NETWORK => self.network.as_mut()?.write(within, width, value, memory),
            disk => self.disks.get_mut(disk - FIRST_DISK)?.write(within, width, value, memory),
        }
        self.note::<M>(window);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use interfaces::ethernet::EthernetClient;
    use runtime::host::{HostMachine, HostMemory};
    use runtime::vm::{Devices, Disk};
    use runtime::{Bits, Unwired};

    use super::*;

    /// Read-only disks of one and three sectors.
    const DISK_PAIR: &[Disk<'static>] = &[
        Disk { name: "disk", contents: DiskContents::Fixed(&[0; 512]) },
        Disk { name: "disk", contents: DiskContents::Fixed(&[0; 1536]) },
    ];

    /// The slots of a machine with these devices and those two disks.
    fn slots(devices: Devices) -> Slots<EthernetClient<Unwired>> {
        let mut vm = HostMachine::new(0, |_, _| Bits::NONE);
        vm.spec.devices = devices;
        vm.spec.disks = DISK_PAIR;
        Slots::new(&vm, None)
    }

    /// A word of a window.
    fn word(slots: &mut Slots<EthernetClient<Unwired>>, window: usize, offset: u32) -> Option<u32> {
        let mut memory = HostMemory::new(0, 0);
        slots.read(window as u32 * WINDOW_BYTES + offset, Width::Word, &mut memory).map(u32::swap_bytes)
    }

    #[test]
    fn what_the_spec_gives_is_there_in_the_version_that_it_says() {
        let mut legacy = slots(Devices { entropy: true, ..Devices::default() });
        assert_eq!(legacy.windows(), [false, true, false, true, true, false, false]);
        let mut modern = slots(Devices { is_modern: true, console: true, ..Devices::default() });
        assert_eq!(modern.windows(), [true, false, false, true, true, false, false]);
        let version_and_kind =
            |slots: &mut Slots<_>, window| (word(slots, window, 4), word(slots, window, 8));
        assert_eq!(version_and_kind(&mut legacy, ENTROPY), (Some(1), Some(4)));
        assert_eq!(version_and_kind(&mut legacy, FIRST_DISK), (Some(1), Some(2)));
        assert_eq!(version_and_kind(&mut modern, CONSOLE), (Some(2), Some(3)));
        for window in [CONSOLE, NETWORK, WINDOWS - 1, WINDOWS] {
            assert_eq!(word(&mut legacy, window, 0), None);
            let (mut memory, width) = (HostMemory::new(0, 0), Width::Word);
            assert_eq!(legacy.write(window as u32 * WINDOW_BYTES, width, 0, &mut memory), None);
        }
        // The capacity, in sectors: little-endian in a modern device.
        assert_eq!([0, 1].map(|disk| word(&mut modern, FIRST_DISK + disk, 0x100)), [Some(1), Some(3)]);
    }
}
