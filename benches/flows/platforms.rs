//! 10,000 channels of each other platform, against what its own way of listing costs.

use std::time::Duration;

use super::measure::{Home, Measured, Spread};
use super::server::{CHANNELS_A_PAGE, Estate, Server};
use super::table::{Goal, Table};

const COUNT: usize = 10_000;
const LATENCY: Duration = Duration::from_millis(20);
/// Qontak allows a hundred requests in a minute, and no page but one that isn't full proves the end of a list: the hundred
/// and first starts after that minute.
const MINUTE: Duration = Duration::from_secs(60);

/// How one of them is asked.
struct Asked {
    platform: &'static str,
    path: &'static str,
    credentials: &'static [(&'static str, &'static str)],
    runs: usize,
}

/// The three.
pub fn measure(table: &mut Table) {
    let pages = u32::try_from(COUNT / CHANNELS_A_PAGE).expect("a small number");
    let unifiedbeez = Asked {
        platform: "unifiedbeez",
        path: "/api/v1",
        credentials: &[("UNIFIEDBEEZ_SESSION", "a-session")],
        runs: 5,
    };
    let time = unifiedbeez.list();
    let one = Spread::exactly(LATENCY);
    table.time(
        "10,000 channels of UnifiedBeez",
        &time,
        "1 round trip, 4.4 MB in one answer",
        &one,
        Goal::None,
    );
    let tendarts =
        Asked { platform: "10darts", path: "", credentials: &[("TENDARTS_API_TOKEN", "a-token")], runs: 3 };
    let needed = Spread::exactly(LATENCY * pages);
    let than = "100 round trips, each named by the one before";
    table.time("10,000 channels of 10darts", &tendarts.list(), than, &needed, Goal::Ratio(1.1));
    let qontak = Asked {
        platform: "qontak",
        path: "/qontak/chat/v1",
        credentials: &[("QONTAK_CLIENT_ID", "a-client"), ("QONTAK_CLIENT_SECRET", "a-secret")],
        runs: 1,
    };
    let least = Spread::exactly(MINUTE + LATENCY);
    let than = "101 pages at 100 a minute";
    table.time("10,000 channels of Qontak", &qontak.list(), than, &least, Goal::Ratio(1.1));
}

impl Asked {
    fn list(&self) -> Spread {
        let server = Server::start(Estate { pages: 0, channels: COUNT }, LATENCY);
        let home = Home::new();
        let mut command = home.program(&server.url_of(self.path), &["--json", "channels", "list"]);
        command.env("SOCIALCHAT_PLATFORM", self.platform).envs(self.credentials.iter().copied());
        let runs: Vec<Measured> = (0..self.runs).map(|_| home.measure(&mut command)).collect();
        assert_eq!(home.lines_with("Toko Bunga"), COUNT, "all are listed");
        Spread::of_times(runs.iter().map(|run| run.took))
    }
}
