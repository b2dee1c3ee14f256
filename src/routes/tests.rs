//! Routes over a state of which they see a part.

use serde::Serialize;

use super::*;
use crate::aws::Home;
use crate::ids::RequestId;

struct Whole {
    part: Part,
}

struct Part {
    name: &'static str,
}

/// The name to greet.
struct Wanted {
    to: String,
}

impl Query for Wanted {
    const PARAMETERS: &'static [Parameter] = &[Parameter::path("to", "A name to greet.")];

    fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        match given.text("to") {
            Some("") | None => Err(Refusal::new(400, "to is missing.")),
            Some(to) => Ok(Self { to: to.to_owned() }),
        }
    }
}

#[derive(Serialize)]
struct Greeting {
    text: String,
}

impl Json for Greeting {
    const SCHEMA: Schema = Schema::Object(&[Member::always("text", Schema::Text)]);
}

/// A route that waits.
fn greet(part: &Part, wanted: Wanted) -> Waiting<'_, Result<Greeting, Refusal>> {
    Box::pin(async move {
        tokio::task::yield_now().await;
        let text = format!("{} greets {}", part.name, wanted.to);
        Ok(Greeting { text })
    })
}

async fn ask(target: &str) -> (u16, String) {
    let routes = vec![
        Route::new(
            Method::GET,
            "/_topiq/greetings/to-all",
            "",
            |_: &Part, ()| now(Ok(NoContent)),
        ),
        Route::new(Method::GET, "/_topiq/greetings/{to}", "", greet),
    ];
    let within = |route: Route<Part>| route.within(|whole: &Whole| &whole.part);
    let table = Table::new(routes.into_iter().map(within).collect());
    let whole = Whole {
        part: Part { name: "topiq" },
    };
    let question = Question {
        method: &Method::GET,
        path: target,
        query: "",
        accept: "",
        body: b"",
        request_id: RequestId::from_u128(0),
        home: Home::default(),
    };
    let answer = table.answer(&whole, &question).await;
    (answer.status, answer.body)
}

#[tokio::test]
async fn answers_may_wait_and_see_their_part_of_the_state() {
    let (status, body) = ask("/_topiq/greetings/a%2Fb").await;
    assert_eq!((status, &*body), (200, r#"{"text":"topiq greets a/b"}"#));
}

#[tokio::test]
async fn parameters_that_cannot_be_read_are_refused() {
    let (status, body) = ask("/_topiq/greetings/").await;
    assert_eq!((status, &*body), (400, r#"{"Message":"to is missing."}"#));
}

#[tokio::test]
async fn first_route_of_a_path_counts() {
    assert_eq!(ask("/_topiq/greetings/to-all").await.0, 204);
}
