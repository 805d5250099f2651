//! A connection that is lost is an error, never an end.

use domain::UserId;
use domain::user::{User, UserEvent};
use event_store::Cursor;
use sqlx::{ConnectOptions, Connection, PgConnection};

use super::wire::{Wire, message_ends};
use super::world::World;

const EVENTS: usize = 30;

#[derive(Clone, Copy, Debug)]
enum Reading {
    Stream(UserId),
    Feed,
}

impl Reading {
    /// How many events came back.
    async fn run(self, world: &World, connection: &mut PgConnection) -> Result<usize, event_store::Error> {
        Ok(match self {
            Self::Stream(id) => {
                let loaded = world.store.load::<User>(connection, world.account, id).await?;
                usize::try_from(loaded.version).expect("small")
            }
            Self::Feed => world.store.read_feed(connection, Cursor::default(), 1000).await?.len(),
        })
    }
}

#[tokio::test]
async fn a_lost_connection_in_the_middle_of_reading_is_an_error() {
    let world = World::open().await;
    let (ada, mut person) = world.person();
    let events: Vec<_> = std::iter::once(world.invited()).chain((1..EVENTS).map(|_| UserEvent::PasswordSet {})).collect();
    world.commit(ada, 0, &events, Some(&mut person)).await.expect("appends");
    world.read_when(EVENTS).await;
    let wire = Wire::to(&world.url).await;

    for reading in [Reading::Stream(ada), Reading::Feed] {
        wire.repair();
        let mut connection = wire.options().connect().await.expect("connects");
        wire.take_passed();
        assert_eq!(reading.run(&world, &mut connection).await.expect("reads"), EVENTS);
        let answers = wire.take_passed();
        let ends = message_ends(&answers);
        assert_eq!(ends.last(), Some(&answers.len()));
        assert!(ends.len() > EVENTS, "each row is a message of its own");
        connection.close().await.expect("closes");

        // Around the end of every message, and in between: the worst cut is a clean one between two rows.
        let cuts = ends.iter().flat_map(|end| [end - 1, *end, end + 1]).chain((0..answers.len()).step_by(401));
        let (mut complete, mut lost) = (0, 0);
        for cut in cuts.filter(|cut| *cut <= answers.len()) {
            wire.repair();
            let mut connection = wire.options().connect().await.expect("connects");
            wire.cut_after(cut);
            match reading.run(&world, &mut connection).await {
                Ok(count) => {
                    assert_eq!(count, EVENTS, "{reading:?}: a part was taken for the whole after {cut} of {} bytes", answers.len());
                    complete += 1;
                }
                Err(_) => lost += 1,
            }
        }
        assert!(lost > 2 * EVENTS, "{reading:?}: {lost} cuts were noticed");
        assert!(complete >= 1, "{reading:?}: with all of its bytes it is whole");
    }
}
