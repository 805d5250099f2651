//! The audit log: every filter, in both directions, against a plain model in memory.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::UserId;
use domain::user::UserEvent;
use event_store::{CountTo, LogFilter, LogPage, RecordedEvent};

use super::world::World;

impl World {
    /// All events that match, in pages of two.
    async fn log(&self, filter: &LogFilter, newest_first: bool) -> Vec<RecordedEvent> {
        let mut connection = self.pool.acquire().await.expect("connects");
        let (mut all, mut after) = (vec![], None);
        loop {
            let page = LogPage { after, newest_first, limit: 2 };
            let events = self.store.read_log(&mut *connection, self.account, filter, page).await.expect("reads");
            let Some(last) = events.last() else { return all };
            after = Some(last.cursor);
            all.extend(events);
        }
    }
}

/// The plain model of the filter.
fn matches(filter: &LogFilter, event: &RecordedEvent) -> bool {
    let kind = format!("{}/{}", event.aggregate_type, event.event_type);
    let version = format!("{kind}/{}", event.event_version);
    let is_wanted = match (&filter.kinds, &filter.unreadable) {
        (None, None) => true,
        (kinds, known) => {
            kinds.as_ref().is_some_and(|kinds| kinds.contains(&kind)) || known.as_ref().is_some_and(|known| !known.contains(&version))
        }
    };
    is_wanted
        && filter.from.is_none_or(|from| event.recorded_at >= from)
        && filter.before.is_none_or(|before| event.recorded_at < before)
        && filter.actors.as_ref().is_none_or(|actors| actors.contains(&event.metadata["actor"]))
        && filter.subject.is_none_or(|subject| event.person_id == Some(subject))
}

/// Nothing, and each of some values.
fn choices<T: Clone>(values: &[T]) -> Vec<Option<T>> {
    [None].into_iter().chain(values.iter().cloned().map(Some)).collect()
}

#[tokio::test]
async fn list_and_count_agree_with_a_plain_model_for_every_filter() {
    let world = World::open().await;
    let mut ids = vec![];
    for _ in 0..3 {
        let id = world.invite().await;
        world.commit(id, 1, &[UserEvent::Deleted {}], None).await.expect("appends");
        ids.push(id);
    }
    // Another account's events are never in the list.
    let other = World::over(world.pool.clone(), world.url.clone());
    other.invite().await;
    world.read_when(7).await;
    let everything = world.log(&LogFilter::default(), false).await;
    assert_eq!(everything.len(), 6);

    let instants: Vec<DateTime<Utc>> = [1, 4].map(|number| everything[number].recorded_at).into();
    let actors = [vec![everything[0].metadata["actor"].clone()], vec!["nobody".to_owned()]];
    let kinds = [vec!["user/Invited".to_owned()], vec!["user/Deleted".to_owned(), "user/Invited".to_owned()], vec![]];
    let known = [vec!["user/Invited/1".to_owned()], vec!["user/Invited/1".to_owned(), "user/Deleted/1".to_owned()]];
    let subjects: Vec<UserId> = vec![ids[1]];
    let mut lengths = BTreeSet::new();
    for from in choices(&instants) {
        for before in choices(&instants) {
            for actors in choices(&actors) {
                for subject in choices(&subjects) {
                    for kinds in choices(&kinds) {
                        for unreadable in choices(&known) {
                            let (actors, kinds) = (actors.clone(), kinds.clone());
                            let filter = LogFilter { from, before, actors, subject, kinds, unreadable, ..LogFilter::default() };
                            lengths.insert(world.agrees(&filter, &everything).await);
                        }
                    }
                }
            }
        }
    }
    assert!(lengths.len() > 5, "filters that make a difference: {lengths:?}");
}

impl World {
    /// Compares a filter's list and count with the model; answers how many events match.
    async fn agrees(&self, filter: &LogFilter, everything: &[RecordedEvent]) -> usize {
        let cursors = |events: &[RecordedEvent]| events.iter().map(|event| event.cursor).collect::<Vec<_>>();
        let expected: Vec<_> = everything.iter().filter(|event| matches(filter, event)).cloned().collect();
        let mut expected = cursors(&expected);
        assert_eq!(cursors(&self.log(filter, false).await), expected, "{filter:?}");
        expected.reverse();
        assert_eq!(cursors(&self.log(filter, true).await), expected, "{filter:?}");
        let mut connection = self.pool.acquire().await.expect("connects");
        let count = self.store.count_log(&mut *connection, self.account, filter, CountTo::End).await.expect("counts").count;
        assert_eq!(count, expected.len() as u64, "{filter:?}");
        expected.len()
    }
}
