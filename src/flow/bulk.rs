//! The same for many: N at a time, each with its own result.

use std::collections::HashSet;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::time::{Instant, sleep_until};

use crate::interrupt::{Interrupt, Signal};
use crate::ui::{Progress, Ui};

/// How long those under way may go on after a signal, all of them together. Cut off, nobody would know whether they
/// were done.
const LEAVE_AFTER: Duration = Duration::from_secs(8);

/// How a bulk run is carried out, and what is said about it.
pub struct Job<'a> {
    pub interrupt: &'a Interrupt,
    pub ui: &'a Ui,
    /// Stands before the progress bar.
    pub title: &'a str,
    /// How many at the same time.
    pub concurrency: usize,
}

/// What a bulk run came to.
pub struct Bulk<I, R> {
    /// The result of each item, in their order; or the item itself where the run was stopped before it was done.
    pub results: Vec<Result<R, Left<I>>>,
    /// Whether a signal stopped it.
    pub interrupted: Option<Signal>,
}

/// An item without a result.
pub enum Left<I> {
    /// Never begun; or begun as the one that ended all.
    NotStarted(I),
    /// Nobody knows whether it was done.
    CutOff(I),
}

/// Runs `work` on every item. A failure of one doesn't stop the others: it is part of its result. What `ends_all` says
/// yes to does: nothing further is begun, and its item is left.
///
/// It runs in a task of its own, so that nothing is cut off in the middle. A signal begins nothing further either, and
/// lets those under way finish; then it is said how far the run came, and the command shows what it has.
pub async fn each<I, R, F>(
    job: Job<'_>,
    items: Vec<I>,
    work: impl Fn(I) -> F + Send + 'static,
    ends_all: fn(&R) -> bool,
) -> Bulk<I, R>
where
    I: Clone + Send + 'static,
    R: Send + 'static,
    F: Future<Output = R> + Send,
{
    let progress = job.ui.bar(items.len() as u64, job.title);
    let interrupt = job.interrupt.clone();
    let (hold, _finishing) = (interrupt.hold(), interrupt.let_finish());
    let (ui, concurrency) = (job.ui.clone(), job.concurrency);
    let task = tokio::spawn(async move {
        let _hold = hold;
        let total = items.len();
        let (bulk, cut) = run(&interrupt, &ui, items, concurrency, &progress, work, ends_all).await;
        drop(progress);
        if let Some(cut) = cut {
            let lost = if cut == 0 { String::new() } else { format!(", {cut} got no answer in time") };
            ui.say(&format!(
                "{} of {total} finished{lost}.",
                bulk.results.iter().filter(|result| result.is_ok()).count()
            ));
        }
        bulk
    });
    match task.await {
        Ok(bulk) => bulk,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        // Only a runtime that ends cancels it, and with it us.
        Err(_) => std::future::pending().await,
    }
}

/// The run, and after a signal how many were cut off.
async fn run<I: Clone, R, F: Future<Output = R>>(
    interrupt: &Interrupt,
    ui: &Ui,
    items: Vec<I>,
    concurrency: usize,
    progress: &Progress,
    work: impl Fn(I) -> F,
    ends_all: fn(&R) -> bool,
) -> (Bulk<I, R>, Option<usize>) {
    // Until its result is there, an item is left.
    let mut results: Vec<Result<R, Left<I>>> =
        items.into_iter().map(|item| Err(Left::NotStarted(item))).collect();
    let mut under_way = HashSet::new();
    let mut interrupted = None;
    let (mut next, mut ended) = (0, false);
    let mut running = FuturesUnordered::new();
    let mut cut_off_at: Option<Instant> = None;
    let signal = interrupt.requested();
    tokio::pin!(signal);
    loop {
        while !ended
            && cut_off_at.is_none()
            && running.len() < concurrency.max(1)
            && let Some(Err(Left::NotStarted(item))) = results.get(next)
        {
            let (index, doing) = (next, work(item.clone()));
            under_way.insert(index);
            running.push(async move { (index, doing.await) });
            next += 1;
        }
        tokio::select! {
            biased;
            signal = &mut signal, if cut_off_at.is_none() => {
                interrupted = Some(signal);
                cut_off_at = Some(Instant::now() + LEAVE_AFTER);
                if !running.is_empty() {
                    ui.say(&format!(
                        "Finishing {} in progress. Press Ctrl-C again to stop now.",
                        running.len()
                    ));
                }
            }
            result = running.next() => match result {
                None => break,
                Some((index, result)) if ends_all(&result) => {
                    under_way.remove(&index);
                    ended = true;
                }
                Some((index, result)) => {
                    under_way.remove(&index);
                    results[index] = Ok(result);
                    progress.inc(1);
                }
            },
            () = sleep_until(cut_off_at.unwrap_or_else(Instant::now)), if cut_off_at.is_some() => break,
        }
    }
    let cut = cut_off_at.map(|_| running.len());
    let results = results.into_iter().enumerate().map(|(index, result)| match result {
        Err(Left::NotStarted(item)) if under_way.contains(&index) => Err(Left::CutOff(item)),
        result => result,
    });
    (Bulk { results: results.collect(), interrupted }, cut)
}
