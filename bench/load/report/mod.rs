//! What came out: a table for the eye, JSON for programs, a plot for the guide.

mod goals;
mod plot;
mod sample;
mod table;

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::Result;
use serde::{Deserialize, Serialize};

pub use sample::{Metric, Sample};

use crate::plan::Case;
use crate::stats::median;

/// All results so far.
#[derive(Serialize, Deserialize)]
pub struct Report {
    machine: Machine,
    /// The first is compared with the others.
    servers: Vec<String>,
    /// Heap allocations of a hello session of the first, after the upgrade.
    allocations: Option<u64>,
    cases: Vec<Results>,
}

#[derive(Serialize, Deserialize)]
struct Machine {
    cpu: String,
    cores: usize,
    kernel: String,
}

/// One case: for each server the sample of each round.
#[derive(Serialize, Deserialize)]
struct Results {
    case: String,
    samples: Vec<Vec<Sample>>,
}

impl Report {
    pub fn new(servers: Vec<String>, allocations: Option<u64>) -> Self {
        Self { machine: Machine::this(), servers, allocations, cases: Vec::new() }
    }

    /// What was measured last, as [`write`](Self::write) has left it.
    pub fn read(folder: &Path) -> Result<Self> {
        Ok(serde_json::from_slice(&fs::read(folder.join("bench.json"))?)?)
    }

    pub fn add(&mut self, case: &Case, server: usize, sample: Sample) {
        let name = case.to_string();
        if self.cases.last().is_none_or(|last| last.case != name) {
            let samples = vec![Vec::new(); self.servers.len()];
            self.cases.push(Results { case: name, samples });
        }
        if let Some(results) = self.cases.last_mut() {
            results.samples[server].push(sample);
        }
    }

    /// The results of a case, for reading.
    pub fn table(&self, case: &Case) -> String {
        let name = case.to_string();
        let results = self.cases.iter().find(|results| results.case == name);
        results.map(|results| table::table(&self.servers, results)).unwrap_or_default()
    }

    /// Failed sessions and requests of the first server.
    pub fn errors(&self) -> usize {
        let of = |metric| self.cases.iter().flat_map(move |results| results.values(0, metric)).sum::<f64>();
        (of(Metric::Errors) + of(Metric::Unanswered)) as usize
    }

    /// The goals that were measured, as a table in Markdown.
    pub fn goals(&self) -> String {
        goals::table(self)
    }

    /// `bench.json`, `bench.svg`, `goals.md` and `results.md`.
    ///
    /// Worth doing after each case: a run takes long, and may be ended at any time.
    pub fn write(&self, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder)?;
        fs::write(folder.join("bench.json"), serde_json::to_string_pretty(self)? + "\n")?;
        fs::write(folder.join("bench.svg"), plot::plot(&self.machine, &self.servers, &self.cases))?;
        fs::write(folder.join("goals.md"), self.goals())?;
        fs::write(folder.join("results.md"), table::markdown(&self.servers, &self.cases))?;
        Ok(())
    }
}

impl Results {
    /// A server's values of a metric, one for each round.
    fn values(&self, server: usize, metric: Metric) -> Vec<f64> {
        self.samples[server].iter().filter_map(|sample| sample.get(metric)).collect()
    }

    /// What was measured, of whichever server.
    fn metrics(&self) -> BTreeSet<Metric> {
        self.samples.iter().flatten().flat_map(Sample::metrics).collect()
    }

    fn median(&self, server: usize, metric: Metric) -> f64 {
        median(&self.values(server, metric))
    }

    /// How many times the other's value the first server's is: the median over the rounds, in each of which the servers
    /// met the same machine.
    fn ratio(&self, other: usize, metric: Metric) -> f64 {
        let rounds = self.samples[0].iter().zip(&self.samples[other]);
        let ratios = rounds.filter_map(|(first, other)| Some(first.get(metric)? / other.get(metric)?));
        median(&ratios.collect::<Vec<_>>())
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cores of {}, Linux {}.", self.cores, self.cpu, self.kernel)
    }
}

impl Machine {
    fn this() -> Self {
        let read = |path| fs::read_to_string(path).unwrap_or_default();
        let cpu = read("/proc/cpuinfo");
        let cpu = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
        Self {
            cpu: cpu.trim_start_matches([' ', '\t', ':']).to_owned(),
            cores: std::thread::available_parallelism().map_or(0, Into::into),
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
        }
    }
}
