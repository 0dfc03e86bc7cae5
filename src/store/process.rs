//! What tells people which process it was. Nothing is decided by it: a lock says whether a process lives.

/// What this machine is called, where that is to be had without asking the network.
pub(super) fn host() -> Option<String> {
    let name = if cfg!(target_os = "linux") {
        std::fs::read_to_string("/proc/sys/kernel/hostname").ok()?
    } else {
        std::env::var("COMPUTERNAME").ok()?
    };
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    #[cfg(target_os = "linux")]
    #[test]
    fn the_machine_has_a_name() {
        assert!(super::host().is_some());
    }
}
