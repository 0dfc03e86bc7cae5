//! --shard I/N.

use std::collections::HashSet;

use serde_json::Value;

use crate::estate::{Estate, YEARS};
use crate::support::{Home, Run};

fn ids(run: &Run) -> Vec<String> {
    let results = run.json()["results"].as_array().unwrap().clone();
    results.iter().map(|result: &Value| result["_id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn shares_are_disjoint_complete_and_the_same_every_time() {
    for year in YEARS {
        let estate = Estate::new(year, 90, 90, 60, &[]);
        let mut all = Vec::new();
        for index in 1..=4 {
            let shard = format!("{index}/4");
            let dry = ["--json", "reconnect", "messenger", "--disconnected", "--shard", &shard, "--dry-run"];
            let first = ids(&estate.run_signed_in(&dry).exits(0));
            assert_eq!(first, ids(&estate.run_signed_in(&dry).exits(0)), "{year} {shard}: stable");
            let real = ["--json", "reconnect", "messenger", "--disconnected", "--shard", &shard];
            assert_eq!(first, ids(&estate.run_signed_in(&real).exits(0)), "{year} {shard}: as foretold");
            assert!((5..=25).contains(&first.len()), "{year} {shard}: {} of 60", first.len());
            all.extend(first);
        }
        let distinct: HashSet<&String> = all.iter().collect();
        assert_eq!((all.len(), distinct.len()), (60, 60), "{year}");
        assert!(estate.channels().iter().all(|channel| channel["isConnected"] == true));
    }
}

#[test]
fn shares_keep_records_of_their_own() {
    let estate = Estate::new("2026", 20, 20, 20, &["--fault", "POST /partner/channel/messenger/*=500*20"]);
    for shard in ["1/2", "2/2"] {
        estate.run_signed_in(&["reconnect", "messenger", "--all", "--shard", shard]).exits(1);
    }
    estate.run_signed_in(&["reconnect", "messenger", "--resume"]).exits(2);
    let mut resumed = Vec::new();
    for shard in ["1/2", "2/2"] {
        let run = estate.run_signed_in(&["--json", "reconnect", "messenger", "--resume", "--shard", shard]);
        resumed.extend(ids(&run.exits(0)));
    }
    assert_eq!(resumed.iter().collect::<HashSet<_>>().len(), 20);
}

#[test]
fn wrong_shares_are_refused() {
    let home = Home::new();
    for wrong in ["0/4", "5/4", "1/0", "4", "a/b", "1/2/3", "-1/2", ""] {
        let shard = format!("--shard={wrong}");
        let run = home.run(&["--sandbox", "--yes", "reconnect", "messenger", "--all", &shard]).exits(2);
        assert!(run.stderr.contains("--shard"), "{wrong}: {}", run.stderr);
    }
    home.run(&["--sandbox", "reconnect", "messenger", "65b37833afe781e84afa001f", "--shard", "1/2"]).exits(2);
}
