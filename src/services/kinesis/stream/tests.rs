//! Random histories of a stream against what they must come to: readers who follow the shards from parents to children
//! get every record once, and those of a key in the order in which they were put.
//!
//! `PROPTEST_CASES=100000 cargo test --release --lib kinesis::stream` looks longer.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

const RETENTION: Duration = Duration::from_hours(24);
const START: Timestamp = Timestamp::from_secs(1_796_040_000);

fn entry<'a>(key: &'a str, data: &'a [u8]) -> Entry<'a> {
    Entry {
        key,
        data,
        is_encrypted: false,
    }
}

fn put(stream: &mut Stream, now: Timestamp, key: &str, data: &str) -> Sequence {
    stream.put(now, hash::of_key(key), &entry(key, data.as_bytes()))
}

const ALL: Most = Most {
    records: 10_000,
    bytes: 10 << 20,
};

fn read(stream: &mut Stream, now: Timestamp, shard: u32, index: u64) -> Batch {
    stream.read(now, shard, index, ALL).expect("a shard")
}

fn texts(batch: &Batch) -> Vec<&str> {
    let records = batch.records.iter();
    records
        .map(|(_, record)| std::str::from_utf8(record.data()).expect("a text"))
        .collect()
}

/// One thing that happens to a stream.
#[derive(Clone, Debug)]
enum Step {
    Wait(u64),
    Put(u8),
    /// Divides an open shard in its middle.
    Split(u8),
    /// Merges an open shard with the one behind it.
    Merge(u8),
    /// Scales to so many.
    Scale(u8),
    /// Has the readers read so many records of each shard that they have reached.
    Read(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        1 => (0..5000_u64).prop_map(Step::Wait),
        12 => any::<u8>().prop_map(Step::Put),
        1 => any::<u8>().prop_map(Step::Split),
        1 => any::<u8>().prop_map(Step::Merge),
        1 => (1..7_u8).prop_map(Step::Scale),
        2 => (1..20_usize).prop_map(Step::Read),
    ];
    vec(step, 0..120)
}

/// Readers as client libraries have them: of each shard one, that of a child begins when its parents are read to the end.
#[derive(Default)]
struct Readers {
    /// Where each reader is.
    at: BTreeMap<u32, u64>,
    finished: BTreeSet<u32>,
    records: Vec<(Sequence, String, u64)>,
}

impl Readers {
    fn read(&mut self, stream: &mut Stream, now: Timestamp, most: usize) {
        let listed = stream.shards(None, Filter::FromTrimHorizon);
        let ready = listed.filter(|shard| {
            let mut parents = shard.parents.iter();
            !self.finished.contains(&shard.number) && parents.all(|it| self.finished.contains(it))
        });
        let ready: Vec<_> = ready.map(|shard| shard.number).collect();
        for shard in ready {
            let index = self.at.get(&shard).copied();
            let index = index.or_else(|| stream.index(now, shard, Start::TrimHorizon));
            let most = Most {
                records: most,
                ..ALL
            };
            let batch = stream.read(now, shard, index.expect("a shard"), most);
            let batch = batch.expect("a shard");
            for (sequence, record) in batch.records {
                let number = String::from_utf8(record.data().to_vec()).expect("a text");
                let number = number.parse().expect("a number");
                self.records
                    .push((sequence, record.key().to_owned(), number));
            }
            if let Some(next) = batch.next {
                self.at.insert(shard, next);
            } else {
                let children = stream.children(shard).count();
                assert!(children > 0, "a closed shard goes on somewhere");
                self.finished.insert(shard);
            }
        }
    }
}

fn is_whole(stream: &Stream) -> bool {
    let open = stream.shards(None, Filter::AtLatest);
    let mut ranges: Vec<_> = open.map(|shard| shard.hashes).collect();
    ranges.sort_by_key(|range| range.start);
    let is_next = |pair: &[HashRange]| pair[0].end.wrapping_add(1) == pair[1].start;
    ranges[0].start == 0
        && ranges[ranges.len() - 1].end == u128::MAX
        && ranges.windows(2).all(is_next)
}

proptest! {
    #[test]
    fn readers_get_everything_once_and_in_order(steps in steps()) {
        let mut now = START;
        let mut stream = Stream::new(now, 2, RETENTION);
        let mut readers = Readers::default();
        let mut count = 0;
        for step in steps {
            let open: Vec<_> = stream.open.values().copied().collect();
            let one = |of: u8| open[usize::from(of) % open.len()];
            match step {
                Step::Wait(millis) => now = now + Duration::from_millis(millis),
                Step::Put(of) => {
                    let key = format!("key-{}", of % 16);
                    let sequence = put(&mut stream, now, &key, &count.to_string());
                    prop_assert_eq!(sequence.shard, stream.shard_of(hash::of_key(&key)));
                    count += 1;
                }
                Step::Split(of) => {
                    let HashRange { start, end } = stream.shards[&one(of)].hashes;
                    let split = stream.split(now, one(of), start + (end - start) / 2);
                    prop_assert_eq!(split, Ok(()));
                }
                Step::Merge(of) => {
                    let place = usize::from(of) % open.len();
                    let other = open.get(place + 1).copied();
                    let merged = other.map(|other| stream.merge(now, open[place], other));
                    prop_assert!(merged.is_none_or(|merged| merged.is_ok()));
                }
                Step::Scale(target) => stream.scale(now, target.into()),
                Step::Read(most) => readers.read(&mut stream, now, most),
            }
            prop_assert!(is_whole(&stream));
        }
        // Each round goes down one generation at least.
        let mut before = usize::MAX;
        while mem::replace(&mut before, readers.finished.len()) != readers.finished.len() {
            readers.read(&mut stream, now, usize::MAX);
            readers.read(&mut stream, now, usize::MAX);
        }
        let mut numbers: Vec<_> = readers.records.iter().map(|(_, _, number)| *number).collect();
        let mut of_keys: BTreeMap<&str, u64> = BTreeMap::new();
        for (_, key, number) in &readers.records {
            let last = of_keys.insert(key, *number);
            prop_assert!(last.is_none_or(|last| last < *number), "{} after {:?}", number, last);
        }
        numbers.sort_unstable();
        prop_assert_eq!(numbers, (0..count).collect::<Vec<_>>());
        // Numbers of one shard grow, as texts of equal length do.
        let mut of_shards: BTreeMap<u32, String> = BTreeMap::new();
        for (sequence, _, _) in &readers.records {
            let text = sequence.to_string();
            prop_assert_eq!(text.len(), 56);
            prop_assert_eq!(Sequence::parse(&text), Some(*sequence));
            let last = of_shards.insert(sequence.shard, text.clone());
            prop_assert!(last.is_none_or(|last| last < text));
        }
    }

    #[test]
    fn a_reader_begins_where_a_list_says(
        gaps in vec(0..4_000_u64, 1..60),
        wait in 0..90_000_u64,
        start in 0..60_usize,
    ) {
        let retention = Duration::from_mins(1);
        let mut stream = Stream::new(START, 1, retention);
        let mut now = START;
        let mut listed = Vec::new();
        for gap in gaps {
            now = now + Duration::from_millis(gap);
            listed.push((now, put(&mut stream, now, "a", "")));
        }
        let (moment, sequence) = listed[start % listed.len()];
        now = now + Duration::from_millis(wait);
        listed.retain(|(arrived, _)| *arrived + retention > now);
        let mut from = |start| {
            let index = stream.index(now, 0, start).expect("a shard");
            let batch = stream.read(now, 0, index, ALL).expect("a shard");
            batch.records.iter().map(|(it, _)| it.index).collect::<Vec<_>>()
        };
        let expected = |is_in: &dyn Fn(Timestamp, u64) -> bool| {
            let later = listed.iter().filter(|(arrived, it)| is_in(*arrived, it.index));
            later.map(|(_, it)| it.index).collect::<Vec<_>>()
        };
        prop_assert_eq!(from(Start::TrimHorizon), expected(&|_, _| true));
        prop_assert_eq!(from(Start::Latest), expected(&|_, _| false));
        let at = sequence.index;
        prop_assert_eq!(from(Start::At(sequence)), expected(&|_, index| index >= at));
        prop_assert_eq!(from(Start::After(sequence)), expected(&|_, index| index > at));
        prop_assert_eq!(from(Start::Moment(moment)), expected(&|arrived, _| arrived >= moment));
        // What is gone takes up nothing.
        let held = stream.shards[&0].from(0).count();
        prop_assert_eq!(held, listed.len());
        prop_assert_eq!(stream.expires_at(), listed.first().map(|(arrived, _)| *arrived + retention));
    }
}

#[test]
fn a_longer_retention_brings_nothing_back() {
    let mut stream = Stream::new(START, 1, RETENTION);
    put(&mut stream, START, "a", "over");
    let now = START + RETENTION + Duration::from_secs(1);
    stream.retain(now, 2 * RETENTION);
    let index = stream.index(now, 0, Start::TrimHorizon).expect("a shard");
    assert_eq!(texts(&read(&mut stream, now, 0, index)), [] as [&str; 0]);
}

#[test]
fn a_batch_ends_at_its_bytes_but_always_has_a_record() {
    let mut stream = Stream::new(START, 1, RETENTION);
    for data in ["1234", "123", "12345"] {
        put(&mut stream, START, "a", data);
    }
    let most = Most {
        records: 10,
        bytes: 9,
    };
    let first = stream.read(START, 0, 0, most).expect("a shard");
    assert_eq!(texts(&first), ["1234", "123"]);
    let next = first.next.expect("it is open");
    let tiny = Most { bytes: 1, ..most };
    let second = stream.read(START, 0, next, tiny).expect("a shard");
    assert_eq!(texts(&second), ["12345"]);
}

#[test]
fn a_reader_is_as_far_behind_as_the_newest_record_is_old() {
    let mut stream = Stream::new(START, 1, RETENTION);
    put(&mut stream, START, "a", "1");
    put(&mut stream, START + Duration::from_secs(5), "a", "2");
    let now = START + Duration::from_secs(7);
    let one = Most { records: 1, ..ALL };
    let first = stream.read(now, 0, 0, one).expect("a shard");
    assert_eq!(first.behind, Duration::from_secs(2));
    let second = read(&mut stream, now, 0, first.next.expect("it is open"));
    assert_eq!(second.behind, Duration::ZERO);
}

#[test]
fn closed_shards_are_read_to_their_end_and_go_when_their_records_are_gone() {
    let mut stream = Stream::new(START, 1, RETENTION);
    put(&mut stream, START, "a", "1");
    let hour = Duration::from_hours(1);
    let later = START + hour;
    assert_eq!(stream.split(later, 0, 1 << 127), Ok(()));
    assert_eq!(stream.split(later, 0, 1 << 126), Err(Refused::Closed(0)));
    let first = read(&mut stream, later, 0, 0);
    assert_eq!(texts(&first), ["1"]);
    let last = read(&mut stream, later, 0, first.next.expect("not said yet"));
    assert_eq!((texts(&last).len(), last.next), (0, None));
    let children: Vec<_> = stream.children(0).map(|shard| shard.number).collect();
    assert_eq!(children, [1, 2]);
    // It was closed an hour after its only record came.
    let almost = later + RETENTION - Duration::from_millis(1);
    assert!(stream.shard(almost, 0).is_some());
    assert!(stream.shard(later + RETENTION, 0).is_none());
    stream.expire(later + RETENTION);
    let numbers: Vec<_> = stream
        .shards(None, Filter::FromTrimHorizon)
        .map(|it| it.number)
        .collect();
    assert_eq!(numbers, [1, 2]);
    assert_eq!(stream.read(later + RETENTION, 0, 0, ALL).map(|_| ()), None);
}

#[test]
fn filters_know_when_shards_were_open() {
    let mut stream = Stream::new(START, 1, RETENTION);
    let (second, third) = (
        START + Duration::from_secs(1),
        START + Duration::from_secs(2),
    );
    stream.scale(second, 2);
    stream.scale(third, 1);
    let numbers = |filter| {
        let shards = stream.shards(None, filter);
        shards.map(|shard| shard.number).collect::<Vec<_>>()
    };
    assert_eq!(numbers(Filter::FromTrimHorizon), [0, 1, 2, 3]);
    assert_eq!(numbers(Filter::AtTrimHorizon), [0]);
    assert_eq!(numbers(Filter::AtLatest), [3]);
    assert_eq!(numbers(Filter::AtMoment(START)), [0]);
    assert_eq!(numbers(Filter::AtMoment(second)), [1, 2]);
    assert_eq!(numbers(Filter::FromMoment(second)), [1, 2, 3]);
    assert_eq!(numbers(Filter::After(1)), [2, 3]);
    let after = stream.shards(Some(2), Filter::FromTrimHorizon);
    assert_eq!(after.map(|shard| shard.number).collect::<Vec<_>>(), [3]);
}

#[test]
fn scaling_finds_all_parents() {
    let mut stream = Stream::new(START, 5, RETENTION);
    stream.scale(START, 3);
    let open = stream.shards(None, Filter::AtLatest);
    let parents: Vec<_> = open.map(|shard| shard.parents.to_vec()).collect();
    assert_eq!(parents, [vec![0, 1], vec![1, 2, 3], vec![3, 4]]);
}

#[test]
fn records_without_a_key_take_turns() {
    let mut stream = Stream::new(START, 3, RETENTION);
    let shards = [(); 4].map(|()| stream.put_in_turn(START, &entry("", b"")).shard);
    assert_eq!(shards, [0, 1, 2, 0]);
}

#[test]
fn time_does_not_run_backwards() {
    let mut stream = Stream::new(START, 1, RETENTION);
    let later = START + Duration::from_secs(9);
    put(&mut stream, later, "a", "1");
    let second = put(&mut stream, START, "a", "2");
    assert_eq!(second.arrived, later.as_secs());
}

#[test]
fn texts_that_are_no_sequence_numbers_are_told() {
    let valid = Stream::new(START, 1, RETENTION).shards[&0].start();
    assert_eq!(Sequence::parse(&valid.to_string()), Some(valid));
    let long = "9".repeat(129);
    for text in [
        "",
        "0",
        "5",
        "x",
        "-5",
        "+5",
        &long,
        &valid.to_string()[1..],
    ] {
        assert_eq!(Sequence::parse(text), None, "{text}");
    }
}
