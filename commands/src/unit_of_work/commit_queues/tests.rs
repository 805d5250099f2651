//! What becomes of the commands of a queue when one of them panics.

use chrono::Utc;
use domain::{AuthMethod, AuthMethodId, AuthMethodKind};
use event_store::MasterKeys;
use futures::future::join_all;
use futures::poll;
use test_support::TestDatabase;
use tokio::sync::Notify;
use uuid::Uuid;

use super::*;
use crate::permission::Permit;
use crate::unit_of_work::Deciding;

enum Step {
    /// Says that it has begun, and waits until it may go on.
    Waits {
        begun: Arc<Notify>,
        go: Arc<Notify>,
    },
    Panics,
    Answers(u32),
}

impl Handler<u32> for Step {
    async fn decide(&self, _: &mut Deciding<'_>) -> Result<u32, Error> {
        match self {
            Self::Waits { begun, go } => {
                begun.notify_one();
                go.notified().await;
                Ok(0)
            }
            Self::Panics => panic!("this handler panics"),
            Self::Answers(answer) => Ok(*answer),
        }
    }
}

#[tokio::test]
async fn a_handler_that_panics_cuts_off_its_transaction_and_the_queue_goes_on() {
    let database = TestDatabase::create().await;
    let password = AuthMethod { id: AuthMethodId::password(), kind: AuthMethodKind::Password, label: "Password".to_owned() };
    let commands = Commands::new(database.pool(), &MasterKeys::generate().expect("randomness"), vec![password]);
    let run = |step: Step| {
        let claims = Claims::of(&Permit::for_system(AccountId::new(Uuid::nil()), "test", None, Utc::now()));
        let commands = commands.clone();
        Box::pin(async move { commands.run(claims, step).await })
    };
    let (begun, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let first = tokio::spawn(run(Step::Waits { begun: Arc::clone(&begun), go: Arc::clone(&go) }));
    begun.notified().await;
    let mut together = vec![run(Step::Answers(1)), run(Step::Panics), run(Step::Answers(2))];
    for command in &mut together {
        assert!(poll!(command).is_pending(), "it waits behind the first one");
    }
    go.notify_one();
    assert_eq!(first.await.expect("does not panic").expect("is answered"), 0);
    for result in join_all(together).await {
        assert!(matches!(result, Err(Error::Fault(Fault::CutOff))), "{result:?}");
    }
    assert_eq!(run(Step::Answers(3)).await.expect("is answered"), 3);
}
