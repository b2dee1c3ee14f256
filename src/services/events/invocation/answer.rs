//! What the answer to a request means: delivered, to be tried again, or given up.

use std::time::Duration;

use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, StatusCode};

use crate::clock::Timestamp;
use crate::wire::HttpDate;

/// What is next for a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::services::events) enum Verdict {
    Delivered,
    /// Another attempt may succeed, after a delay that the endpoint may ask for.
    Retry {
        after: Option<Duration>,
    },
    GiveUp,
}

/// The meaning of an endpoint's answer that came at `now`. (API destinations: service level agreement and retries.)
pub(in crate::services::events) fn verdict(
    status: StatusCode,
    headers: &HeaderMap,
    now: Timestamp,
) -> Verdict {
    match status.as_u16() {
        200..=299 => Verdict::Delivered,
        401 | 407 | 409 | 429 | 500..=599 => match retry_after(headers, now) {
            RetryAfter::Never => Verdict::GiveUp,
            RetryAfter::Unsaid => Verdict::Retry { after: None },
            RetryAfter::Delay(delay) => Verdict::Retry { after: Some(delay) },
        },
        _ => Verdict::GiveUp,
    }
}

enum RetryAfter {
    Unsaid,
    Delay(Duration),
    /// A negative number ends the retries.
    Never,
}

/// Seconds, or a date. A date counts from that of the answer: the endpoint's clock need not show what ours does.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> RetryAfter {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(text_of) = text(RETRY_AFTER).map(str::trim) else {
        return RetryAfter::Unsaid;
    };
    if let Ok(seconds) = text_of.parse::<i64>() {
        return match u64::try_from(seconds) {
            Ok(seconds) => RetryAfter::Delay(Duration::from_secs(seconds)),
            Err(_) => RetryAfter::Never,
        };
    }
    let Some(HttpDate(then)) = HttpDate::parse(text_of) else {
        return RetryAfter::Unsaid;
    };
    let sent = text(DATE).and_then(HttpDate::parse);
    RetryAfter::Delay(then.since(sent.map_or(now, |HttpDate(sent)| sent)))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_000);

    fn judged(status: u16, headers: &[(&'static str, &'static str)]) -> Verdict {
        let headers = headers.iter().map(|(name, value)| {
            let name = http::HeaderName::from_static(name);
            (name, HeaderValue::from_static(value))
        });
        let status = StatusCode::from_u16(status).expect("a status");
        verdict(status, &headers.collect(), NOW)
    }

    #[test]
    fn endpoints_can_ask_for_a_delay_or_for_no_retry() {
        let retry = |seconds| Verdict::Retry {
            after: Some(Duration::from_secs(seconds)),
        };
        for (value, expected) in [
            ("0", retry(0)),
            ("120", retry(120)),
            (" 5", retry(5)),
            ("-1", Verdict::GiveUp),
            ("Thu, 01 Jan 1970 00:20:00 GMT", retry(200)),
            // It has passed.
            ("Thu, 01 Jan 1970 00:00:01 GMT", retry(0)),
            ("soon", Verdict::Retry { after: None }),
            ("", Verdict::Retry { after: None }),
        ] {
            assert_eq!(judged(503, &[("retry-after", value)]), expected, "{value}");
        }
        assert_eq!(judged(200, &[("retry-after", "-1")]), Verdict::Delivered);
        assert_eq!(judged(404, &[("retry-after", "5")]), Verdict::GiveUp);
    }

    #[test]
    fn a_date_counts_from_that_of_the_answer() {
        let headers = [
            ("date", "Mon, 05 Jan 2026 10:00:00 GMT"),
            ("retry-after", "Mon, 05 Jan 2026 10:00:30 GMT"),
        ];
        let after = Some(Duration::from_secs(30));
        assert_eq!(judged(429, &headers), Verdict::Retry { after });
    }
}
