//! The results: rows of loads on several servers, single figures with their aims, as Markdown and as JSON.

use std::fmt::Write as _;

use serde::Serialize;

use crate::load::Sample;

/// One load on the bare server and on topiq: a sample of each per round, taken one after the other.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) scenario: String,
    pub(crate) connections: usize,
    pub(crate) bare: Vec<Sample>,
    pub(crate) topiq: Vec<Sample>,
}

impl Row {
    pub(crate) fn new(scenario: &str, connections: usize) -> Self {
        Self {
            scenario: scenario.to_owned(),
            connections,
            bare: Vec::new(),
            topiq: Vec::new(),
        }
    }
}

/// A single figure.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Figure {
    pub(crate) name: String,
    /// The value, or the values at each number of connections.
    pub(crate) values: Vec<f64>,
    pub(crate) unit: &'static str,
    pub(crate) aim: Option<Aim>,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) enum Aim {
    AtLeast(f64),
    AtMost(f64),
    Exactly(f64),
}

/// All results of a run.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Report {
    pub(crate) rows: Vec<Row>,
    pub(crate) figures: Vec<Figure>,
}

impl Report {
    pub(crate) fn figure(
        &mut self,
        name: impl Into<String>,
        value: f64,
        unit: &'static str,
        aim: Option<Aim>,
    ) {
        self.figures.push(Figure {
            name: name.into(),
            values: vec![value],
            unit,
            aim,
        });
    }

    /// Adds, as one figure, how `scenario` compares with `base` on topiq at each number of connections, by processor
    /// time.
    pub(crate) fn compare(&mut self, name: &str, scenario: &str, base: &str, scale: f64, aim: Aim) {
        let values = self
            .rows_of(scenario)
            .filter_map(|row| {
                let base = self
                    .rows_of(base)
                    .find(|base| base.connections == row.connections)?;
                Some(scale * ratio(&row.topiq, &base.topiq)?.median)
            })
            .collect();
        self.values(name, values, aim);
    }

    /// Adds, as one figure, the bare server's processor time as a share of topiq's at each number of connections.
    pub(crate) fn against_bare(&mut self, scenario: &str, aim: Aim) {
        let values = self
            .rows_of(scenario)
            .filter_map(|row| Some(ratio(&row.bare, &row.topiq)?.median))
            .collect();
        self.values(&format!("{scenario}: CPU, bare / topiq"), values, aim);
    }

    fn values(&mut self, name: &str, values: Vec<f64>, aim: Aim) {
        // Without processor times from the system there is nothing to report.
        if !values.is_empty() {
            self.figures.push(Figure {
                name: name.to_owned(),
                values,
                unit: "×",
                aim: Some(aim),
            });
        }
    }

    fn rows_of(&self, scenario: &str) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.scenario == scenario)
    }

    /// The report as Markdown tables.
    pub(crate) fn markdown(&self) -> String {
        let mut text = String::new();
        if !self.rows.is_empty() {
            text.push_str(&self.rows_table());
        }
        if !self.figures.is_empty() {
            text.push_str(&self.figures_table());
        }
        text
    }

    fn rows_table(&self) -> String {
        let mut text = String::from(
            "\nEach cell: bare, topiq. CPU: the server's processor time per operation; its ratio is bare / topiq with the \
             rounds' quartiles.\n\n\
             | scenario | connections | CPU µs | CPU ratio | ops/s | rate ratio | p50 µs | p99 µs |\n\
             |---|--:|--:|--:|--:|--:|--:|--:|\n",
        );
        for row in &self.rows {
            let cpu = |sample: &Sample| sample.cpu.unwrap_or(f64::NAN);
            let pair = |of: fn(&Sample) -> f64, decimals: usize| {
                let (bare, topiq) = (median_of(&row.bare, of), median_of(&row.topiq, of));
                format!("{bare:.decimals$}, {topiq:.decimals$}")
            };
            let rates = median_of(&row.topiq, |sample| sample.rate)
                / median_of(&row.bare, |sample| sample.rate);
            let cpu_ratio = ratio(&row.bare, &row.topiq).map_or("-".into(), |ratio| {
                format!("{:.2} ({:.2}–{:.2})", ratio.median, ratio.low, ratio.high)
            });
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} | {:.2} | {} | {} |",
                row.scenario,
                row.connections,
                pair(cpu, 1),
                cpu_ratio,
                pair(|sample| sample.rate, 0),
                rates,
                pair(|sample| sample.p50, 0),
                pair(|sample| sample.p99, 0),
            );
        }
        text
    }

    fn figures_table(&self) -> String {
        let mut text = String::from("\n| figure | value | aim | met |\n|---|--:|--:|---|\n");
        for figure in &self.figures {
            let values: Vec<String> = figure.values.iter().map(|&value| number(value)).collect();
            let aim = match figure.aim {
                Some(Aim::AtLeast(aim)) => format!("≥ {}", number(aim)),
                Some(Aim::AtMost(aim)) => format!("≤ {}", number(aim)),
                Some(Aim::Exactly(aim)) => number(aim),
                None => String::new(),
            };
            let met = figure.aim.map_or("", |aim| {
                let is_met = figure.values.iter().all(|&value| aim.is_met(value));
                if is_met { "yes" } else { "no" }
            });
            let _ = writeln!(
                text,
                "| {} | {} {} | {aim} | {met} |",
                figure.name,
                values.join(", "),
                figure.unit,
            );
        }
        text
    }
}

impl Aim {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtLeast(aim) => value >= aim,
            Self::AtMost(aim) => value <= aim,
            Self::Exactly(aim) => (value - aim).abs() < f64::EPSILON,
        }
    }
}

/// How two loads' processor times compare, round by round.
#[derive(Clone, Copy, Debug)]
struct Ratio {
    low: f64,
    median: f64,
    high: f64,
}

fn ratio(above: &[Sample], below: &[Sample]) -> Option<Ratio> {
    let mut ratios: Vec<f64> = above
        .iter()
        .zip(below)
        .filter_map(|(above, below)| Some(above.cpu? / below.cpu?))
        .collect();
    ratios.sort_by(f64::total_cmp);
    let last = ratios.len().checked_sub(1)?;
    Some(Ratio {
        low: ratios[last / 4],
        median: ratios[last / 2],
        high: ratios[last - last / 4],
    })
}

fn median_of(samples: &[Sample], of: impl Fn(&Sample) -> f64) -> f64 {
    let mut values: Vec<f64> = samples.iter().map(of).collect();
    median(&mut values)
}

/// The middle of `values`, the lower one of two; not a number when there are none.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => f64::NAN,
        count => values[(count - 1) / 2],
    }
}

fn number(value: f64) -> String {
    if value.abs() >= 100.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.2}")
    }
}
