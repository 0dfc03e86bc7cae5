//! The same for many: N at a time, each with its own result.

use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::time::sleep;

use crate::interrupt::Interrupt;
use crate::ui::Progress;

/// How long those under way may go on after a signal. Cut off, nobody would know whether they were done.
const LEAVE_AFTER: Duration = Duration::from_secs(8);

/// What a bulk run came to, each with its place among the items.
pub struct Bulk<I, R> {
    /// The results, in the order of the items.
    pub done: Vec<(usize, R)>,
    /// Those that were not begun, or not finished, because the run was stopped.
    pub left: Vec<(usize, I)>,
}

/// Runs `work` on every item, at most `at_once` at the same time. A failure of one doesn't stop the others: it is part
/// of its result. What `ends_all` says yes to does: nothing further is begun, and its item is left.
///
/// It runs in a task of its own. A signal begins nothing further either, and lets those under way finish.
pub async fn each<I, R, F>(
    interrupt: &Interrupt,
    items: Vec<I>,
    at_once: usize,
    progress: Progress,
    work: impl Fn(I) -> F + Send + 'static,
    ends_all: fn(&R) -> bool,
) -> Bulk<I, R>
where
    I: Clone + Send + 'static,
    R: Send + 'static,
    F: Future<Output = R> + Send,
{
    let (interrupt, hold) = (interrupt.clone(), interrupt.hold());
    let task = tokio::spawn(async move {
        let _hold = hold;
        run(&interrupt, items, at_once, &progress, work, ends_all).await
    });
    match task.await {
        Ok(bulk) => bulk,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        // Only a runtime that ends cancels it, and with it us.
        Err(_) => std::future::pending().await,
    }
}

async fn run<I: Clone, R, F: Future<Output = R>>(
    interrupt: &Interrupt,
    items: Vec<I>,
    at_once: usize,
    progress: &Progress,
    work: impl Fn(I) -> F,
    ends_all: fn(&R) -> bool,
) -> Bulk<I, R> {
    let mut queue = items.into_iter().enumerate();
    let mut bulk = Bulk { done: Vec::new(), left: Vec::new() };
    let mut running = FuturesUnordered::new();
    let mut stopped = false;
    let signal = async {
        interrupt.requested().await;
    };
    tokio::pin!(signal);
    loop {
        while !stopped
            && running.len() < at_once.max(1)
            && let Some((index, item)) = queue.next()
        {
            let doing = work(item.clone());
            running.push(async move { (index, item, doing.await) });
        }
        tokio::select! {
            biased;
            () = &mut signal, if !stopped => stopped = true,
            next = running.next() => match next {
                None => break,
                Some((index, item, result)) if ends_all(&result) => {
                    stopped = true;
                    bulk.left.push((index, item));
                }
                Some((index, _, result)) => {
                    bulk.done.push((index, result));
                    progress.inc(1);
                }
            },
            () = sleep(LEAVE_AFTER), if stopped => break,
        }
    }
    bulk.left.extend(queue);
    bulk.left.sort_by_key(|(index, _)| *index);
    bulk.done.sort_by_key(|(index, _)| *index);
    bulk
}
