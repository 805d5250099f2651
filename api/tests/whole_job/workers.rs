//! Every worker of a server fails, is reported, and comes back.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use api::http::SessionAuthenticator;
use api::http::readiness;
use api::workers::feed::FeedPoller;
use api::workers::workers;
use api::workers::{Supervisor, Worker};
use chrono::Utc;
use commands::{Context, UpdateUser};
use domain::Actor;
use futures::StreamExt;
use tokio::time::{Duration, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::program::TIMEOUT;
use crate::world::{World, app_over};

/// The same worker, which panics for as long as something is broken.
fn failing(worker: Worker, is_broken: &Arc<AtomicBool>) -> Worker {
    let is_broken = Arc::clone(is_broken);
    Worker::new(worker.name(), move || {
        let (is_broken, run) = (Arc::clone(&is_broken), worker.run());
        async move {
            assert!(!is_broken.load(Relaxed), "this worker fails");
            run.await;
        }
    })
}

async fn until(what: &str, holds: impl AsyncFn() -> bool) {
    let waiting = async {
        while !holds().await {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(TIMEOUT, waiting).await.unwrap_or_else(|_| panic!("waited in vain until {what}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_worker_that_keeps_failing_is_reported_and_works_again_when_it_can() {
    let world = World::start().await;
    let (app, closing) = (Arc::new(app_over(&world.database)), CancellationToken::new());
    let feed = Arc::new(FeedPoller::new(Arc::clone(&app)));
    let authenticator = SessionAuthenticator::new(Arc::clone(&app));
    // A subscriber who came before the feed's worker failed.
    let start = feed.end().await.unwrap();
    let mut events = feed.subscribe(world.account_id, Some(start)).await.unwrap().into_stream().boxed();

    let (supervisor, is_broken) = (Supervisor::new(closing.clone()), Arc::new(AtomicBool::new(true)));
    let mut names = vec![];
    for worker in workers(&app, &feed, &authenticator, &closing) {
        names.push(worker.name());
        supervisor.start(failing(worker, &is_broken));
    }
    assert!(names.len() >= 7, "{names:?}");
    for name in &names {
        until(&format!("`{name}` is reported"), async || {
            let readiness = readiness::check(&app, &supervisor).await;
            let restarts = readiness.details["workers"][name]["restarts"].as_u64();
            restarts >= Some(2) && readiness.problems.iter().any(|problem| problem.contains(&format!("`{name}`")))
        })
        .await;
    }

    is_broken.store(false, Relaxed);
    for name in &names {
        until(&format!("`{name}` runs"), async || supervisor.details()[name]["running"] == true).await;
    }
    let update = UpdateUser { id: world.admin.id.clone(), name: Some("Ada L.".to_owned()), ..UpdateUser::default() };
    let operator = Context::new(Actor::Operator, None, Utc::now());
    app.commands.update_user(&operator, world.account_id, &update).await.unwrap();
    timeout(TIMEOUT, events.next()).await.expect("the feed's worker tells it").expect("it goes on forever");
    closing.cancel();
    timeout(TIMEOUT, supervisor.ended()).await.expect("every worker ends");
}

/// A task that outlives its request, and that no one watches over, would disappear without a sign.
#[test]
fn nothing_but_the_supervisor_starts_a_worker() {
    // Each of these waits for what it starts, or is what the supervisor is made of.
    let allowed = [
        "api/src/workers/supervisor.rs",
        "api/src/workers/mail/mod.rs",
        "api/src/cli/shutdown.rs",
        "graphql_http/src/serving/server.rs",
        "graphql_http/src/socket/mod.rs",
    ];
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate is a folder of the workspace");
    let mut found = vec![];
    for file in ["api", "graphql_http", "mail", "oidc"].iter().flat_map(|name| files(&root.join(name).join("src"))) {
        let place = file.strip_prefix(root).expect("it is a file of the workspace").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).expect("it can be read");
        let product = text.split("#[cfg(test)]").next().expect("a file has a beginning");
        if product.contains(".spawn(") || product.contains("spawn(async") || product.contains("tokio::spawn") {
            found.push(place);
        }
    }
    found.retain(|place| !allowed.contains(&place.as_str()));
    assert_eq!(found, Vec::<String>::new(), "start workers with `Supervisor::spawn`");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("it can be read").map(|entry| entry.expect("it can be read").path());
    let nested = entries.map(|path| if path.is_dir() { files(&path) } else { vec![path] });
    nested.flatten().filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}
