//! A group's events against the simplest store there can be: a sorted list.

use super::*;

/// A sequence of numbers that looks random and is always the same.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % limit
    }
}

fn put(contents: &mut Contents, name: &str, position: Position, message: &str) {
    let event = Event {
        position,
        ingested: position.serial,
        message,
    };
    let put = contents.put(name, position.serial, 0, std::iter::once(event));
    assert_eq!(put, Ok(()));
}

/// As the events of two streams are listed: stream, position, message.
type Listed = Vec<(String, Position, String)>;

fn listed(contents: &Contents, selection: &Selection, window: Window) -> Listed {
    let merged = contents.merged(selection, window);
    let one = |(name, event): (&Arc<str>, Event<'_>)| {
        (name.to_string(), event.position, event.message.to_owned())
    };
    merged.map(one).collect()
}

fn random(seed: u64) -> (Contents, Listed) {
    let mut numbers = Numbers(seed);
    let mut contents = Contents::default();
    let mut all = Listed::new();
    for name in ["a", "ab", "b"] {
        assert_eq!(contents.create(name, 0), Ok(()));
    }
    for serial in 0..2000 {
        let name = ["a", "ab", "b"][usize::try_from(numbers.below(3)).unwrap()];
        // In order, in reverse, or anywhere.
        let timestamp = match seed % 3 {
            0 => serial / 2,
            1 => 3000 - serial,
            _ => numbers.below(700),
        };
        let length = [3, 40, 700][usize::try_from(numbers.below(3)).unwrap()];
        let message = format!("{serial}{}", "ä".repeat(length));
        let position = Position { timestamp, serial };
        put(&mut contents, name, position, &message);
        all.push((name.to_owned(), position, message));
    }
    all.sort_by_key(|(_, position, _)| *position);
    (contents, all)
}

#[test]
fn events_are_found_in_order_whatever_order_they_come_in() {
    for seed in 0..6 {
        let (contents, all) = random(seed);
        let mut numbers = Numbers(seed);
        for _ in 0..20 {
            let mut bound = || Position {
                timestamp: numbers.below(3100),
                serial: numbers.below(2000),
            };
            let window = Window {
                from: bound(),
                to: bound(),
                direction: Direction::Forward,
            };
            for (selection, prefix) in [
                (Selection::All, ""),
                (Selection::Prefix("a".to_owned()), "a"),
                (Selection::Named(vec!["b".to_owned(), "no".to_owned()]), "b"),
            ] {
                let is_meant = |(name, position, _): &&(String, Position, String)| {
                    name.starts_with(prefix) && (window.from..window.to).contains(position)
                };
                let mut expected: Listed = all.iter().filter(is_meant).cloned().collect();
                assert_eq!(listed(&contents, &selection, window), expected);
                let backward = Window {
                    direction: Direction::Backward,
                    ..window
                };
                expected.reverse();
                assert_eq!(listed(&contents, &selection, backward), expected);
            }
        }
    }
}

#[test]
fn a_window_goes_on_behind_what_was_seen() {
    let (contents, all) = random(2);
    for direction in [Direction::Forward, Direction::Backward] {
        let mut window = Window {
            from: Position::default(),
            to: Position::END,
            direction,
        };
        let mut seen = Listed::new();
        while let Some(first) = listed(&contents, &Selection::All, window)
            .into_iter()
            .next()
        {
            window = window.beyond(first.1);
            seen.push(first);
            if seen.len() == 100 {
                break;
            }
        }
        let count = all.len();
        match direction {
            Direction::Forward => assert_eq!(seen, all[..100]),
            Direction::Backward => {
                seen.reverse();
                assert_eq!(seen, all[count - 100..]);
            }
        }
    }
}

#[test]
fn what_expires_is_gone_and_counts_no_more() {
    for seed in 0..3 {
        let (mut contents, mut all) = random(seed);
        let size = |all: &Listed| {
            all.iter()
                .map(|(.., text)| text.len() + EVENT_OVERHEAD)
                .sum::<usize>()
        };
        assert_eq!(contents.size(), size(&all));
        for before in [0, 1, 250, 251, 600, 4000] {
            contents.expire(before);
            all.retain(|(_, position, _)| position.timestamp >= before);
            let window = Window {
                from: Position::default(),
                to: Position::END,
                direction: Direction::Forward,
            };
            assert_eq!(listed(&contents, &Selection::All, window), all);
            assert_eq!(contents.size(), size(&all));
        }
        assert_eq!(contents.size(), 0);
        assert_eq!(contents.stream("a").unwrap().events.first(), None);
    }
}

#[test]
fn streams_come_and_go() {
    let mut contents = Contents::default();
    assert_eq!(contents.create("s", 5), Ok(()));
    assert_eq!(contents.create("s", 6), Err(Refused::StreamExists));
    assert_eq!(contents.stream("s").unwrap().created_at, 5);
    put(&mut contents, "s", Position::at(7), "m");
    assert_eq!(contents.size(), 27);
    assert_eq!(contents.delete("s"), Ok(()));
    assert_eq!(contents.delete("s"), Err(Refused::NoStream));
    assert_eq!(contents.size(), 0);
    let none = std::iter::empty();
    assert_eq!(contents.put("s", 8, 0, none), Err(Refused::NoStream));
    contents.close();
    assert_eq!(contents.create("s", 9), Err(Refused::NoGroup));
    let none = std::iter::empty();
    assert_eq!(contents.put("s", 9, 0, none), Err(Refused::NoGroup));
}

#[test]
fn a_group_that_is_only_written_to_gives_memory_back() {
    const HOUR: u64 = 60 * 60 * 1000;
    let mut contents = Contents::default();
    for name in ["idle", "busy"] {
        assert_eq!(contents.create(name, 0), Ok(()));
    }
    let message = "a".repeat(100);
    put(&mut contents, "idle", Position::at(1), &message);
    for hour in 0..200 {
        let event = Event {
            position: Position::at(hour * HOUR),
            ingested: hour * HOUR,
            message: &message,
        };
        let kept_since = (hour * HOUR).saturating_sub(24 * HOUR);
        let events = std::iter::once(event);
        let put = contents.put("busy", hour * HOUR, kept_since, events);
        assert_eq!(put, Ok(()));
    }
    let event = message.len() + EVENT_OVERHEAD;
    assert!(contents.size() <= 26 * event, "{}", contents.size());
    let idle = contents.stream("idle").map(|held| held.events.size());
    assert_eq!(idle, Ok(0));
}
