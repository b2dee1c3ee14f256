//! What faults strike, how often, and that it can be repeated.

use super::*;
use crate::aws::AccountId;
use scope::Resource;

fn at(secs: u64) -> Timestamp {
    Timestamp::from_secs(1_800_000_000 + secs)
}

fn fault(body: &str) -> Definition {
    Definition::parse(body.as_bytes()).unwrap()
}

fn faults(bodies: &[&str]) -> Faults {
    let faults = Faults::default();
    for (number, body) in bodies.iter().enumerate() {
        faults
            .set(&format!("f{number}"), fault(body), at(0))
            .unwrap();
    }
    faults
}

const QUEUE: [Resource<'_>; 1] = [Resource::Queue("orders")];

fn send() -> Facts<'static> {
    Facts {
        service: Some("sqs"),
        action: Some("SendMessage"),
        account: AccountId::parse("000000000000"),
        user_agent: Some("Boto3/1.44.8 md/Botocore"),
        resources: &QUEUE,
        ..Facts::default()
    }
}

fn tally(faults: &Faults, name: &str) -> [u64; 2] {
    let Tally { matched, struck } = faults.get(name).unwrap().tally();
    [matched, struck]
}

#[test]
fn all_that_a_match_asks_for_must_be_so() {
    for (scope, expected) in [
        ("{}", true),
        (r#"{"service":"sqs","action":"Send*","queue":"ord*"}"#, true),
        (r#"{"service":"sns"}"#, false),
        (r#"{"action":"ReceiveMessage"}"#, false),
        (r#"{"action":"sendmessage"}"#, false),
        (r#"{"queue":"order"}"#, false),
        (r#"{"topic":"orders"}"#, false),
        (r#"{"account":"000000000001"}"#, false),
        (
            r#"{"account":"000000000000","userAgent":"*Botocore*"}"#,
            true,
        ),
        (r#"{"userAgent":"aws-sdk-js*"}"#, false),
    ] {
        let body = format!(r#"{{"match":{scope},"effect":{{"reset":"before"}}}}"#);
        let faults = faults(&[&body]);
        let struck = faults.of_call(at(0), &send()).instead.is_some();
        assert_eq!(struck, expected, "{scope}");
    }
}

#[test]
fn a_count_and_a_time_end_a_fault() {
    let faults = faults(&[
        r#"{"effect":{"reset":"before"},"count":2}"#,
        r#"{"effect":{"latency":"1s"},"for":"10s"}"#,
    ]);
    let latencies = [0, 1, 9, 10].map(|secs| faults.of_call(at(secs), &send()));
    let seen = latencies.map(|fault| (fault.instead.is_some(), fault.latency.as_secs()));
    assert_eq!(seen, [(true, 0), (true, 0), (false, 1), (false, 0)]);
    assert_eq!(
        (tally(&faults, "f0"), tally(&faults, "f1")),
        ([2, 2], [1, 1])
    );
    assert!(faults.all().iter().all(|fault| fault.is_over(at(10))));
    assert!(!faults.get("f1").unwrap().is_over(at(9)));
}

#[test]
fn one_or_each_so_many_th_is_struck() {
    let faults = faults(&[
        r#"{"match":{"nth":3},"effect":{"latency":"1s"}}"#,
        r#"{"match":{"every":2},"effect":{"latency":"10s"}}"#,
    ]);
    let seen = [(); 6].map(|()| faults.of_call(at(0), &send()).latency.as_secs());
    assert_eq!(seen, [0, 10, 1, 10, 0, 10]);
}

#[test]
fn the_same_seed_strikes_the_same() {
    let body = r#"{"match":{"probability":0.2,"seed":42},"effect":{"duplicate":true}}"#;
    let run = |body: &str| {
        let faults = faults(&[body]);
        [(); 100].map(|()| faults.doubles(at(0), &send()))
    };
    assert_eq!(run(body), run(body));
    assert_ne!(run(body), run(&body.replace("42", "43")));
    let doubled = run(body)
        .into_iter()
        .filter(|is_doubled| *is_doubled)
        .count();
    assert!((10..=30).contains(&doubled), "{doubled}");
}

#[test]
fn a_fault_is_asked_for_its_own_effect_only() {
    let faults = faults(&[
        r#"{"effect":{"duplicate":true}}"#,
        r#"{"effect":{"loseVisibility":"2s"}}"#,
        r#"{"effect":{"endpoint":503}}"#,
    ]);
    assert!(faults.doubles(at(0), &send()));
    assert_eq!(
        faults.visibility(at(0), &send()),
        Some(Duration::from_secs(2))
    );
    assert_eq!(faults.passed_over(at(0), &send()), 0);
    let endpoint = faults.of_endpoint(at(0), "http://h/p");
    assert_eq!(endpoint, Some(EndpointFault::Status(503)));
    let tallies = ["f0", "f1", "f2"].map(|name| tally(&faults, name));
    assert_eq!(tallies, [[1, 1]; 3]);
}

#[test]
fn latencies_add_up_and_the_first_other_effect_counts() {
    let faults = faults(&[
        r#"{"effect":{"latency":"1s"}}"#,
        r#"{"effect":{"latency":"2s"}}"#,
        r#"{"effect":{"reset":"after"}}"#,
        r#"{"effect":{"error":"X","status":500}}"#,
    ]);
    let fault = faults.of_call(at(0), &send());
    assert_eq!(fault.latency, Duration::from_secs(3));
    assert!(matches!(
        fault.instead,
        Some(Instead::Reset { is_after: true })
    ));
    assert_eq!(tally(&faults, "f3"), [0, 0]);
}

#[test]
fn a_fault_is_replaced_removed_and_reset_to_the_start() {
    let faults = Faults::new(Some(Chaos { seed: 1 }));
    assert!(faults.are_set());
    let names = || {
        let all = faults.all().into_iter();
        all.map(|fault| fault.name().to_owned()).collect::<Vec<_>>()
    };
    let initial = names();
    faults
        .set("mine", fault(r#"{"effect":{"duplicate":true}}"#), at(0))
        .unwrap();
    faults
        .set(
            &initial[0],
            fault(r#"{"effect":{"reset":"before"}}"#),
            at(0),
        )
        .unwrap();
    assert_eq!(names().len(), initial.len() + 1);
    assert_eq!(names()[0], initial[0]);
    assert!(faults.remove("mine") && !faults.remove("mine"));
    assert_eq!(faults.clear(), initial.len());
    assert!(!faults.are_set());
    faults.reset();
    assert_eq!(names(), initial);

    let none = Faults::new(None);
    none.set("mine", fault(r#"{"effect":{"duplicate":true}}"#), at(0))
        .unwrap();
    none.reset();
    assert!(!none.are_set());
}

#[test]
fn there_is_an_end_to_how_many_there_are() {
    let faults = Faults::default();
    let definition = fault(r#"{"effect":{"duplicate":true}}"#);
    for number in 0..MOST {
        faults
            .set(&number.to_string(), definition.clone(), at(0))
            .unwrap();
    }
    assert!(faults.set("more", definition.clone(), at(0)).is_err());
    assert!(faults.set("0", definition, at(0)).is_ok(), "it is replaced");
}
