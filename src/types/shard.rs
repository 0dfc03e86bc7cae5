//! A share of many.

use std::fmt;
use std::str::FromStr;

use super::ids::ChannelDbId;
use super::value::ValueError;

/// One of several equal shares: `2/5` is the second of five.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// From 1.
    pub index: u32,
    pub count: u32,
}

impl Shard {
    /// Whether a channel is in this share: by a hash of its `_id`, so that it is always in the same one, on every machine.
    pub fn contains(self, id: &ChannelDbId) -> bool {
        let hash = stable_hash(id.as_str());
        // The low bits of FNV alone are uneven for ids that differ in little.
        (hash ^ (hash >> 32)) % u64::from(self.count) == u64::from(self.index - 1)
    }
}

/// A number for a text, the same on every machine and in every version (FNV-1a, 64 bits). No protection against
/// somebody who looks for two texts with the same one.
fn stable_hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

impl FromStr for Shard {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts =
            text.split_once('/').and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
        match parts {
            Some((index, count)) if (1..=count).contains(&index) => Ok(Shard { index, count }),
            Some(_) => Err(ValueError::ShardRange),
            None => Err(ValueError::ShardForm),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_checked() {
        assert_eq!("2/5".parse(), Ok(Shard { index: 2, count: 5 }));
        for bad in ["0/5", "6/5", "5", "a/b", "1/0", "", "-1/2"] {
            assert!(bad.parse::<Shard>().is_err(), "{bad}");
        }
    }

    #[test]
    fn shards_cover_everything_once_and_evenly() {
        let ids: Vec<ChannelDbId> =
            (0..10_000).map(|n: u32| format!("65b37833afe781e8{n:08x}").parse().unwrap()).collect();
        for count in [1, 2, 3, 7, 64] {
            let mut total = 0;
            for index in 1..=count {
                let share = ids.iter().filter(|id| Shard { index, count }.contains(id)).count();
                let fair = 10_000 / count as usize;
                assert!(share.abs_diff(fair) <= fair / 4 + 10, "{index}/{count}: {share}");
                total += share;
            }
            assert_eq!(total, ids.len());
        }
        // Stable: a change of the function would send running jobs after other channels.
        let id = "65b37833afe781e84afa001f".parse().unwrap();
        let shares: Vec<u32> =
            (1..=5).filter(|index| Shard { index: *index, count: 5 }.contains(&id)).collect();
        assert_eq!(shares, [4]);
    }
}
