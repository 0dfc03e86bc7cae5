//! What tells people which process it was. Nothing is decided by it: a lock says whether a process lives.

/// When this process started, in clock ticks since the machine did (Linux; proc(5), field 22 of `stat`). With the
/// process id it names one process, where the id alone is used again.
pub(super) fn started() -> Option<u64> {
    if cfg!(target_os = "linux") {
        return start_in(&std::fs::read_to_string("/proc/self/stat").ok()?);
    }
    None
}

/// What this machine is called, where that is to be had without asking the network.
pub(super) fn host() -> Option<String> {
    let name = if cfg!(target_os = "linux") {
        std::fs::read_to_string("/proc/sys/kernel/hostname").ok()?
    } else {
        std::env::var("COMPUTERNAME").ok()?
    };
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

/// The second field is the program's name in parentheses, which may itself contain spaces and parentheses.
fn start_in(stat: &str) -> Option<u64> {
    stat.rsplit_once(')')?.1.split_whitespace().nth(19)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_is_found_behind_any_name() {
        let numbers: Vec<String> = (4..=52).map(|field| format!("{field}000")).collect();
        let stat = format!("4711 (a) S) 1 2 (x) R {}\n", numbers.join(" "));
        assert_eq!(start_in(&stat), Some(22_000));
        for bad in ["", "1 (x", "1 (x) S 1 2"] {
            assert_eq!(start_in(bad), None, "{bad:?}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_has_one_and_the_machine_a_name() {
        assert!(started().is_some_and(|ticks| ticks > 0));
        assert!(host().is_some());
    }
}
