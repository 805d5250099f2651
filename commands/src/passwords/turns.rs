//! Turns at work that keeps a processor busy: few at once, few that wait, and a fair order among those who ask.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::{Error, Fault};

/// The line that a request waits in, by the network that it comes from. Requests of the command line share one line.
pub(super) type Origin = Option<String>;

/// Lets few work at the same time. Others wait in one line for each origin, and the lines are served in rotation: ten thousand
/// requests of one address delay a request of another address by one turn.
///
/// The number of those who wait is bounded. Beyond it, a request of the longest line is refused with [`Fault::Overloaded`]: the
/// newcomer if it belongs there, else the one that came last.
pub(super) struct Turns {
    max_waiting: usize,
    lines: Mutex<Lines>,
}

struct Lines {
    /// How many more may work now. No request waits while this is not zero.
    free: usize,
    /// No line is empty.
    waiting: HashMap<Origin, VecDeque<oneshot::Sender<Turn>>>,
    /// The origins of the lines, the next one first.
    order: VecDeque<Origin>,
}

/// The right to work. When it is dropped, the next one gets it.
pub(super) struct Turn(Option<Arc<Turns>>);

impl Turns {
    pub(super) fn new(at_once: usize, max_waiting: usize) -> Arc<Self> {
        let lines = Lines { free: at_once, waiting: HashMap::new(), order: VecDeque::new() };
        Arc::new(Self { max_waiting, lines: Mutex::new(lines) })
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// [`Fault::Overloaded`] when too many wait.
    pub(super) async fn take(self: &Arc<Self>, origin: Origin) -> Result<Turn, Error> {
        let turn = {
            let mut lines = self.lines();
            if lines.free > 0 {
                lines.free -= 1;
                return Ok(Turn(Some(Arc::clone(self))));
            }
            lines.join(origin, self.max_waiting)?
        };
        // The sender is dropped where this request was refused in favour of another line.
        turn.await.map_err(|_| Fault::Overloaded.into())
    }

    /// Whether a request waits.
    pub(super) fn is_awaited(&self) -> bool {
        !self.lines().order.is_empty()
    }

    /// Gives a turn that ended to the next one who still waits.
    fn hand_on(self: &Arc<Self>) {
        loop {
            // The lock is free when the turn is sent: a request that gave up meanwhile drops it, and that runs this again.
            let next = self.lines().next();
            let Some(next) = next else { return };
            match next.send(Turn(Some(Arc::clone(self)))) {
                Ok(()) => return,
                Err(mut unwanted) => unwanted.0 = None,
            }
        }
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lines {
    /// Joins the line of an origin, if there is room or another line is longer.
    fn join(&mut self, origin: Origin, max_waiting: usize) -> Result<oneshot::Receiver<Turn>, Error> {
        if self.len() >= max_waiting {
            self.drop_those_who_left();
        }
        if self.len() >= max_waiting {
            let own = self.waiting.get(&origin).map_or(0, VecDeque::len);
            let longest = self.waiting.iter().max_by_key(|(_, line)| line.len());
            match longest.map(|(origin, line)| (origin.clone(), line.len())) {
                // A line that becomes as long as the longest one gains nothing by pushing it.
                Some((longest, length)) if length > own + 1 => self.refuse_last_of(&longest),
                _ => return Err(Fault::Overloaded.into()),
            }
        }
        let (turn, waits) = oneshot::channel();
        let line = self.waiting.entry(origin.clone()).or_default();
        if line.is_empty() {
            self.order.push_back(origin);
        }
        line.push_back(turn);
        Ok(waits)
    }

    /// Takes the next one out of the next line, which then is the last one. When none waits, one more may work.
    fn next(&mut self) -> Option<oneshot::Sender<Turn>> {
        let Some(origin) = self.order.pop_front() else {
            self.free += 1;
            return None;
        };
        let line = self.waiting.get_mut(&origin)?;
        let next = line.pop_front();
        if line.is_empty() {
            self.waiting.remove(&origin);
        } else {
            self.order.push_back(origin);
        }
        next
    }

    fn refuse_last_of(&mut self, origin: &Origin) {
        if let Some(line) = self.waiting.get_mut(origin) {
            line.pop_back();
        }
    }

    /// Drops requests whose clients gave up.
    fn drop_those_who_left(&mut self) {
        self.waiting.retain(|_, line| {
            line.retain(|turn| !turn.is_closed());
            !line.is_empty()
        });
        let waiting = &self.waiting;
        self.order.retain(|origin| waiting.contains_key(origin));
    }

    fn len(&self) -> usize {
        self.waiting.values().map(VecDeque::len).sum()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(turns) = self.0.take() {
            turns.hand_on();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::task::Poll;

    use futures::poll;
    use tokio::pin;

    use super::*;

    #[expect(clippy::unnecessary_wraps, reason = "an origin may also be the command line")]
    fn from(address: &str) -> Origin {
        Some(address.to_owned())
    }

    #[tokio::test]
    async fn turns_go_round_among_the_addresses() {
        let turns = Turns::new(1, 100);
        let first = turns.take(from("flood")).await.expect("no one works");
        let (sender, mut served) = tokio::sync::mpsc::unbounded_channel();
        let mut waiting = vec![];
        for (number, address) in [(1, "flood"), (2, "flood"), (3, "flood"), (4, "a"), (5, "a"), (6, "b")] {
            let (turns, sender) = (Arc::clone(&turns), sender.clone());
            let task = async move {
                let turn = turns.take(from(address)).await.expect("there is room");
                sender.send(number).expect("the test listens");
                drop(turn);
            };
            let mut task = Box::pin(task);
            assert!(poll!(task.as_mut()).is_pending());
            waiting.push(task);
        }
        drop(first);
        futures::future::join_all(waiting).await;
        drop(sender);
        let mut order = vec![];
        while let Some(number) = served.recv().await {
            order.push(number);
        }
        assert_eq!(order, [1, 4, 6, 2, 5, 3]);
    }

    #[tokio::test]
    async fn a_flood_fills_the_line_and_is_refused_but_pushes_no_one_else_out() {
        let turns = Turns::new(1, 10);
        let working = turns.take(from("flood")).await.expect("no one works");
        let mut flood: Vec<_> = (0..15).map(|_| Box::pin(turns.take(from("flood")))).collect();
        let mut refused = 0;
        for request in &mut flood {
            refused += usize::from(matches!(poll!(request.as_mut()), Poll::Ready(Err(Error::Fault(Fault::Overloaded)))));
        }
        assert_eq!(refused, 5);
        let other = turns.take(from("other"));
        pin!(other);
        assert!(poll!(other.as_mut()).is_pending(), "there is room for another address");
        let pushed_out = poll!(flood[9].as_mut());
        assert!(matches!(pushed_out, Poll::Ready(Err(Error::Fault(Fault::Overloaded)))), "the flood makes the room");
        drop(working);
        let turn = poll!(flood[0].as_mut());
        assert!(matches!(turn, Poll::Ready(Ok(_))), "the one that came first works first");
        drop(turn);
        assert!(matches!(poll!(other.as_mut()), Poll::Ready(Ok(_))), "then the other address");
    }

    #[tokio::test]
    async fn anyone_who_gives_up_takes_no_turn_and_no_room() {
        let turns = Turns::new(1, 2);
        let working = turns.take(None).await.expect("no one works");
        for _ in 0..10 {
            let mut gives_up = Box::pin(turns.take(None));
            assert!(poll!(gives_up.as_mut()).is_pending());
        }
        let mut patient = Box::pin(turns.take(None));
        assert!(poll!(patient.as_mut()).is_pending());
        let mut gives_up_late = Box::pin(turns.take(from("late")));
        assert!(poll!(gives_up_late.as_mut()).is_pending());
        drop(working);
        drop(patient.await.expect("it is their turn"));
        // The turn was handed on already, and is not lost with a caller that does not take it.
        drop(gives_up_late);
        drop(turns.take(None).await.expect("the turn came back"));
        assert!(!turns.is_awaited());
    }
}
