//! Everything that was measured, by name, and the machine that it was measured on.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::measure::{Sample, Spread};
use crate::outcome::Outcome;

/// The machine and the programs.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Machine {
    pub(crate) processor: String,
    pub(crate) memory: String,
    pub(crate) system: String,
    pub(crate) postgres: String,
    pub(crate) commit: String,
    pub(crate) baseline: Option<String>,
    pub(crate) measured: String,
    /// Whether it was only a first look.
    pub(crate) quick: bool,
    pub(crate) users: u64,
    pub(crate) sizes: [u64; 2],
    pub(crate) subscriptions: usize,
}

/// The samples of each measurement, in the order of the rounds.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Results {
    pub(crate) machine: Machine,
    samples: BTreeMap<String, Vec<Sample>>,
}

/// Which number of a sample.
pub(crate) type Part = fn(&Sample) -> f64;

impl Results {
    pub(crate) fn on(machine: Machine) -> Self {
        Self { machine, samples: BTreeMap::new() }
    }

    pub(crate) fn add(&mut self, name: String, sample: Sample) {
        self.samples.entry(name).or_default().push(sample);
    }

    /// Keeps a number that is not a rate, such as bytes.
    pub(crate) fn add_number(&mut self, name: String, number: f64) {
        self.add(name, Sample { rate: number, ..Sample::default() });
    }

    pub(crate) fn values(&self, name: &str, part: Part) -> Vec<f64> {
        self.samples.get(name).into_iter().flatten().map(part).collect()
    }

    pub(crate) fn spread(&self, name: &str, part: Part) -> Option<Spread> {
        Spread::of(self.values(name, part))
    }

    /// How many times as much, round by round.
    pub(crate) fn ratio(&self, name: &str, beside: &str, part: Part) -> Option<Spread> {
        Spread::ratio(&self.values(name, part), &self.values(beside, part))
    }

    /// The names that begin with a text.
    pub(crate) fn names<'a>(&'a self, begin: &'a str) -> impl Iterator<Item = &'a str> {
        self.samples.keys().map(String::as_str).filter(move |name| name.starts_with(begin))
    }

    pub(crate) fn load(path: &Path) -> Outcome<Self> {
        Ok(serde_json::from_slice(&std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?)?)
    }

    pub(crate) fn save(&self, path: &Path) -> Outcome<()> {
        Ok(std::fs::write(path, serde_json::to_vec_pretty(self)?)?)
    }
}
