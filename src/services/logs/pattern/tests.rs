//! Patterns and what they match: the examples of the user guide, and their edges.

use super::*;

fn matches(pattern: &str, message: &str) -> bool {
    let parsed = Pattern::parse(pattern);
    parsed
        .unwrap_or_else(|why| panic!("{pattern}: {why}"))
        .matches(message)
}

/// Each pattern with messages that it matches and messages that it does not.
fn check(cases: &[(&str, &[&str], &[&str])]) {
    for (pattern, matching, others) in cases {
        for message in *matching {
            assert!(matches(pattern, message), "{pattern} matches {message}");
        }
        for message in *others {
            assert!(!matches(pattern, message), "{pattern} matches no {message}");
        }
    }
}

#[test]
fn terms_are_looked_for_anywhere() {
    let [both, error, warn] = ["ERROR WARN message", "ERROR message", "WARN message"];
    check(&[
        ("", &["", "anything"], &[]),
        (" ", &["anything"], &[]),
        ("ERROR", &[both, error, "ERRORCODE: -1"], &[warn, "error"]),
        ("?ERROR ?WARN", &[both, error, warn], &["message"]),
        ("ERROR WARN", &[both], &[error, warn]),
        ("ERROR -WARN", &[error], &[both, warn]),
        ("\"ERROR\" - \"WARN\"", &[error], &[both, warn]),
        ("-WARN", &[error, ""], &[both, warn]),
        // Beside other terms, optional ones mean nothing.
        ("?ERROR message", &[both, warn], &["ERROR"]),
        ("?ERROR -WARN", &[error, "message"], &[both]),
        ("\"ERROR message\"", &[error], &[both]),
        (
            r#""say \"hi\" \\ there""#,
            &[r#"say "hi" \ there"#],
            &["say hi"],
        ),
        ("\"a@b.c/d\"", &["<a@b.c/d>"], &["a b"]),
        ("Ärger_1", &["kein Ärger_1!"], &["ärger_1"]),
    ]);
}

#[test]
fn regular_expressions_are_looked_for_too() {
    check(&[
        (
            "%AUTHORIZED%",
            &["[401] UNAUTHORIZED REQUEST"],
            &["authorized"],
        ),
        ("%^[hc]at%", &["hat", "cat x"], &["a hat"]),
        ("%[hc]at$%", &["a hat"], &["hat x"]),
        ("%colou?r%", &["color", "colour"], &["colouur"]),
        ("%a{3,5}%", &["aaa"], &["aa"]),
        ("%gr[ae]y|black%", &["grey", "black"], &["green"]),
        (r"%10\.10\.0\.1%", &["at 10.10.0.1"], &["10x10x0x1"]),
        (r"%\d{1,3}\s\x28%", &["12 ("], &["12("]),
        ("%error% -exit", &["error"], &["error exit"]),
        (
            "{ $.a = %^x.z% }",
            &[r#"{"a":"xyzzy"}"#],
            &[r#"{"a":"wxyz"}"#, "{}"],
        ),
        ("[a=%^4%, b]", &["404 x"], &["504 x"]),
    ]);
    for refused in [
        "%%",
        "%a",
        "%something!%",
        "%(a)%",
        r"%\(%",
        "%a b%",
        "%ä%",
        "%[a%",
        r"%\b%",
        r"%a\%",
        "%a{99999}%",
        "%a% %b% %c%",
    ] {
        assert_eq!(
            Pattern::parse(refused).err(),
            Some(Refused::Invalid),
            "{refused}"
        );
    }
}

const EVENT: &str = r#"{"eventType":"UpdateTrail","sourceIPAddress":"111.111.111.111",
    "arrayKey":["value","another value"],"objectList":[{"name":"a","id":1},{"name":"b","id":2}],
    "SomeObject":null,"ThisFlag":true,"latency":1000.5,"errorCode":"400","code":400,"big":9007199254740993,
    "detail-type":"Order Placed","coordinates":[[0,1,2],[4,5,6]],"star":"Ev*ent"}"#;

/// Which patterns match [`EVENT`].
#[test]
fn json_values_are_selected_and_compared() {
    for pattern in [
        r#"{ $.eventType = "UpdateTrail" }"#,
        "{$.eventType=UpdateTrail}",
        "{ $.eventType = Update* }",
        r#"{ $.eventType = "*Trail" }"#,
        "{ $.eventType = *date* }",
        "{ $.eventType = * }",
        "{ $.eventType != updateTrail }",
        "{ $.star = Ev*ent }",
        "{ $.sourceIPAddress != 123.123.* }",
        r#"{ $.arrayKey[0] = "value" }"#,
        r#"{ $.arrayKey[*] = "another*" }"#,
        "{ $.objectList[1].id = 2 }",
        "{ $.objectList[*].id >= 2 }",
        "{ $.coordinates[1][0] = 4 }",
        "{ $.SomeObject IS NULL }",
        "{ $.SomeOtherObject NOT EXISTS }",
        "{ $.objectList[0].other NOT EXISTS }",
        "{ $.ThisFlag IS TRUE }",
        "{ $.ThisFlag = true }",
        r#"{ $.detail-type = "Order Placed" }"#,
        "{ $.latency >= 500 }",
        "{ $.latency > +1000 }",
        "{ $.latency < 10e3 }",
        "{ $.latency <= 1000.50 }",
        "{ $.latency = * }",
        "{ $.code = 400 && $.code != 500 }",
        "{ $.code = 4e2 }",
        r#"{ $.code = "400" }"#,
        "{ $.errorCode = 400 }",
        "{ $.big > 9007199254740992 }",
        "{ ($.eventType = x || $.code = 400) && ($.big = *) }",
        // && comes before ||.
        "{ $.code = 400 || $.eventType = x && $.big = x }",
    ] {
        assert!(matches(pattern, EVENT), "{pattern}");
    }
    for pattern in [
        "{ $.eventType = updateTrail }",
        "{ $.eventType = Trail* }",
        "{ $.star = Ev*nt }",
        "{ $.arrayKey = value }",
        "{ $.arrayKey != value }",
        "{ $.objectList[2].id = 2 }",
        "{ $.objectList.id = 2 }",
        "{ $.eventType[0] = U }",
        "{ $.SomeObject = * }",
        "{ $.SomeObject NOT EXISTS }",
        "{ $.ThisFlag IS FALSE }",
        "{ $.ThisFlag IS NULL }",
        "{ $.missing != x }",
        "{ $.eventType > 5 }",
        // A text is not compared as a number.
        "{ $.errorCode >= 400 }",
        "{ $.big = 9007199254740992 }",
        "{ ($.code = 400 || $.eventType = x) && $.big = x }",
    ] {
        assert!(!matches(pattern, EVENT), "{pattern}");
    }
}

#[test]
fn json_patterns_match_json_only() {
    let pattern = "{ $.a NOT EXISTS }";
    check(&[(
        pattern,
        &["{}", " {\"b\":1} ", "[]"],
        &["", "text", "{", "{} x", "{\"b\":}", "{\"a\":1}", "5"],
    )]);
    // However deep an event is, reading it neither recurses nor gives up.
    let deep = format!(
        "{{\"x\":{}{},\"a\":1}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    assert!(matches("{ $.a = 1 }", &deep));
}

#[test]
fn fields_stand_between_blanks() {
    const LINE: &str =
        r#"127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534"#;
    for pattern in [
        "[ip, user, username, timestamp, request, status_code, bytes]",
        "[ip, user, username, timestamp, request, status_code, bytes > 1000]",
        "[ip, user, username, timestamp, request, status_code = 4*, bytes]",
        "[ip, user, username, timestamp, request = *html*, status_code = 4*, bytes]",
        "[ip, user, username, timestamp, request, status_code = 4* && status_code != 403, bytes]",
        "[..., status_code=404, bytes]",
        "[ip, user, ..., bytes]",
        "[ip=127.*, ...]",
        "[..., request=*.html*, status_code=4*,]",
        "[…]",
        "[...,status = 403 || (status = 404 && status > 400), bytes]",
        r#"[,,,timestamp="10/Oct/2000:13:25:15 -0700",...]"#,
        "[w1,w2,w3,w4,w5,w6=%^40%,w7]",
    ] {
        assert!(matches(pattern, LINE), "{pattern}");
    }
    for pattern in [
        "[ip, user]",
        "[a,b,c,d,e,f,g,h]",
        "[a,b,c,d,...,e,f,g,h]",
        "[..., status_code=404]",
        "[..., bytes > 2000]",
        "[ip != 127.*, ...]",
    ] {
        assert!(!matches(pattern, LINE), "{pattern}");
    }
    check(&[
        (
            "[w1=ERROR, w2]",
            &["ERROR message"],
            &["ERROR WARN message"],
        ),
        (
            "[w1=ERROR || w1=WARN, w2]",
            &["ERROR x", "WARN x"],
            &["INFO x"],
        ),
        ("[a, b]", &["[x y", "x \"y"], &["[x y]", "\"x y\""]),
    ]);
}

#[test]
fn what_is_no_pattern_is_refused() {
    for (text, why) in [
        ("{ $.a = 1", Refused::OpenBrace),
        ("{", Refused::OpenBrace),
        ("[a, b", Refused::OpenBracket),
    ] {
        assert_eq!(Pattern::parse(text).err(), Some(why), "{text}");
    }
    assert_eq!(
        Refused::OpenBrace.to_string(),
        "If a filter pattern starts with '{' it must end with '}'"
    );
    let deep = format!("{{{}$.a = 1{}}}", "(".repeat(400), ")".repeat(400));
    for text in [
        "a@b.c",
        "a-b",
        "\"\"",
        "\"a",
        "\"a\"b",
        "?",
        "-",
        "a ?",
        "{}",
        "{ a = 1 }",
        "{ $ = 1 }",
        "{ $. = 1 }",
        "{ $.a }",
        "{ $.a = }",
        "{ $.a == 1 }",
        "{ $.a = \"x }",
        "{ $.a > x }",
        "{ $.a[x] = 1 }",
        "{ $.a IS }",
        "{ $.a ISNULL }",
        "{ $.a NOT NULL }",
        "{ $.a = 1 && }",
        "{ ($.a = 1 }",
        "{ $.a = 1) }",
        "{ $.a = 1 $.b = 2 }",
        "{ $.a = a b }",
        "[a = ]",
        "[a b]",
        "[= 5]",
        "[..., a, ...]",
        "[a = 1 && b = 2]",
        &deep,
    ] {
        assert_eq!(Pattern::parse(text).err(), Some(Refused::Invalid), "{text}");
    }
    let deep = format!("{{{}$.a = 1{}}}", "(".repeat(60), ")".repeat(60));
    assert!(matches(&deep, r#"{"a":1}"#));
}
