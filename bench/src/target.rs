//! Another server, measured with the same callers.

use std::sync::Arc;
use std::time::Duration;

use crate::http::Target;
use crate::load;
use crate::measure::Spread;
use crate::options::TargetArgs;
use crate::outcome::Outcome;
use crate::site::name;

pub(crate) async fn measure(args: TargetArgs) -> Outcome<()> {
    let target = Target::parse(&args.url, &args.token)?;
    let members = Arc::new(args.members.clone());
    println!("{:<12} {:>8} {:>22} {:>10} {:>10}", "", "callers", "calls/s (from–to)", "p50 µs", "p99 µs");
    for work in args.works {
        for &callers in &args.callers {
            let call = target.call(work, callers, &members)?;
            let mut samples = vec![];
            for _ in 0..args.rounds.max(1) {
                samples.push(load::closed(&call, callers, Duration::from_millis(args.millis)).await?);
            }
            let of = |part: fn(&crate::measure::Sample) -> f64| Spread::of(samples.iter().map(part).collect());
            let (Some(rate), Some(p50), Some(p99)) = (of(|s| s.rate), of(|s| s.p50), of(|s| s.p99)) else { continue };
            let rates = format!("{:.0} ({:.0}–{:.0})", rate.median, rate.least, rate.most);
            println!("{:<12} {callers:>8} {rates:>22} {:>10.0} {:>10.0}", name(work), p50.median, p99.median);
        }
    }
    Ok(())
}
