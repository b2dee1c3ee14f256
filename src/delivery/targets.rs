//! Targets: resources within this process that services deliver to, found by ARN.
//!
//! The services meet here and only here. Each gets the [`Targets`] when it is made, registers its own resources, and
//! looks others up when it delivers. So services can deliver to each other in any direction, and to themselves, in
//! whatever order they were made.

use std::fmt;
use std::sync::{Arc, Weak};

use parking_lot::{Mutex, RwLock};

use super::message::Message;
use super::outcome::{Outcome, Undelivered};
use crate::aws::policy::{Document, Principal, Request};
use crate::aws::{AccountId, Arn};
use crate::clock::Timestamp;

/// A resource that takes messages. One that was looked up can be kept and used until it answers
/// [`Undelivered::NoTarget`]: keeping it does not keep the resource itself.
pub(crate) trait Target: fmt::Debug + Send + Sync {
    /// Delivers a message, with all checks that the target's own operations make.
    fn deliver(&self, now: Timestamp, message: Message<'_>) -> Outcome;

    /// Whether the target's access policy lets `source` deliver; checked only where policies are enforced.
    fn permits(&self, source: &Source<'_>) -> Result<(), Undelivered>;
}

/// The source of a message, as access policies see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    /// The service's principal: `sns.amazonaws.com`.
    pub(crate) principal: &'a str,
    /// The resource's ARN (`aws:SourceArn`).
    pub(crate) arn: &'a str,
    /// The resource's account (`aws:SourceAccount`).
    pub(crate) account: AccountId,
}

impl Source<'_> {
    /// Whether the policy of the target with this ARN lets the source do `action`: a service needs a statement that says
    /// so, whoever's the target is.
    pub(crate) fn check(
        &self,
        policy: Option<&str>,
        action: &str,
        target: &str,
        owner: AccountId,
    ) -> Result<(), Undelivered> {
        let document = policy.and_then(|text| Document::parse(text).ok());
        let document = document.unwrap_or_default();
        let account = self.account.to_string();
        let request = Request {
            principal: Principal::Service(self.principal),
            action,
            resource: target,
            context: &[("aws:SourceArn", self.arn), ("aws:SourceAccount", &account)],
        };
        let decision = document.evaluate(&request);
        if decision.permits(&request.principal, owner) {
            Ok(())
        } else {
            Err(Undelivered::Denied(decision.to_string()))
        }
    }
}

/// Remembers a target, so that a delivery need not look it up.
#[derive(Debug, Default)]
pub(crate) struct TargetCache {
    known: Mutex<Option<Arc<dyn Target>>>,
}

impl TargetCache {
    /// Does `deliver` to the target with this ARN, which must always be the same one.
    pub(crate) fn deliver(
        &self,
        targets: &Targets,
        arn: &str,
        deliver: impl Fn(Arc<dyn Target>) -> Outcome,
    ) -> Outcome {
        let known = self.known.lock().clone();
        match known.map(&deliver) {
            // What is remembered is deleted; there may be a new one of that name.
            None | Some(Err(Undelivered::NoTarget)) => {
                let found = targets.find(arn);
                self.known.lock().clone_from(&found);
                deliver(found.ok_or(Undelivered::NoTarget)?)
            }
            Some(outcome) => outcome,
        }
    }
}

/// A service whose resources are targets.
pub(crate) trait TargetService: fmt::Debug + Send + Sync {
    /// The resource with this ARN.
    fn target(&self, arn: &str) -> Option<Arc<dyn Target>>;
}

/// The targets of all services.
#[derive(Debug, Default)]
pub(crate) struct Targets {
    /// By the service's name in ARNs. Weak, since services hold the targets.
    services: RwLock<Vec<(&'static str, Weak<dyn TargetService>)>>,
}

impl Targets {
    /// Registers the service with the name `name` in ARNs.
    pub(crate) fn register(&self, name: &'static str, service: Weak<dyn TargetService>) {
        self.services.write().push((name, service));
    }

    /// The resource with this ARN.
    pub(crate) fn find(&self, arn: &str) -> Option<Arc<dyn Target>> {
        let name = Arn::parse(arn)?.service;
        let service = {
            let services = self.services.read();
            let found = services.iter().find(|(known, _)| *known == name);
            found.and_then(|(_, service)| service.upgrade())
        };
        service?.target(arn)
    }

    /// Whether some service has the targets of this name in ARNs.
    pub(crate) fn has_service(&self, name: &str) -> bool {
        let services = self.services.read();
        services.iter().any(|(known, _)| *known == name)
    }

    /// Looks a target up and delivers to it. A sender that delivers to the same target often has a [`TargetCache`].
    pub(crate) fn deliver(&self, arn: &str, now: Timestamp, message: Message<'_>) -> Outcome {
        let target = self.find(arn).ok_or(Undelivered::NoTarget)?;
        target.deliver(now, message)
    }
}

#[cfg(test)]
mod tests {
    use super::super::message::Examined;
    use super::super::outcome::Delivered;
    use super::*;
    use crate::aws::message::{Body, Sender};
    use crate::ids::Id;

    /// A service that passes messages on, until nothing is left of the body.
    #[derive(Debug)]
    struct Relay {
        targets: Arc<Targets>,
        next: &'static str,
    }

    impl TargetService for Relay {
        fn target(&self, arn: &str) -> Option<Arc<dyn Target>> {
            arn.ends_with(":known").then(|| {
                let relay = Relay {
                    targets: self.targets.clone(),
                    next: self.next,
                };
                Arc::new(relay) as Arc<dyn Target>
            })
        }
    }

    impl Target for Relay {
        fn deliver(&self, now: Timestamp, message: Message<'_>) -> Outcome {
            match message.body.text().strip_prefix('.') {
                Some(rest) => self
                    .targets
                    .deliver(self.next, now, new(rest, &Examined::default())),
                None => Ok(Delivered::As(Id::from_u128(7))),
            }
        }

        fn permits(&self, _: &Source<'_>) -> Result<(), Undelivered> {
            Ok(())
        }
    }

    const A: &str = "arn:aws:a:us-east-1:000000000000:known";
    const B: &str = "arn:aws:b:us-east-1:000000000000:known";

    fn new<'a>(body: &str, examined: &'a Examined) -> Message<'a> {
        Message {
            id: None,
            body: Body::new(body),
            attributes: None,
            examined,
            trace_header: None,
            sender: Sender::Service("test"),
            group_id: None,
            deduplication_id: None,
        }
    }

    fn deliver(targets: &Targets, arn: &str) -> Outcome {
        targets.deliver(arn, Timestamp::default(), new("...", &Examined::default()))
    }

    #[test]
    fn services_deliver_to_each_other_whichever_was_made_first() {
        let targets = Arc::new(Targets::default());
        let relay = |next| Relay {
            targets: targets.clone(),
            next,
        };
        let (a, b) = (Arc::new(relay(B)), Arc::new(relay(A)));
        let both: [(&str, Weak<dyn TargetService>); 2] = [
            ("a", Arc::<Relay>::downgrade(&a)),
            ("b", Arc::<Relay>::downgrade(&b)),
        ];
        for (name, service) in both {
            targets.register(name, service);
        }
        let delivered = deliver(&targets, A);
        assert!(
            matches!(delivered, Ok(Delivered::As(id)) if id == Id::from_u128(7)),
            "{delivered:?}"
        );
        for unknown in [
            "arn:aws:a:us-east-1:000000000000:other",
            "arn:aws:c:us-east-1:000000000000:known",
            "no ARN",
        ] {
            let outcome = deliver(&targets, unknown);
            assert!(matches!(outcome, Err(Undelivered::NoTarget)), "{outcome:?}");
        }
        // Nothing keeps itself alive: the services are dropped with their owner, and their targets are gone.
        drop((a, b));
        assert_eq!(Arc::strong_count(&targets), 1);
        assert!(targets.find(A).is_none());
    }

    #[test]
    fn contents_are_examined_once() {
        let examined = Examined::default();
        assert_eq!(examined.get_or_examine(|| Ok(3)), Ok(3));
        assert_eq!(examined.get_or_examine(|| Err("no".into())), Ok(3));
        let refused = Examined::default();
        assert_eq!(refused.get_or_examine(|| Err("no".into())), Err("no"));
        assert_eq!(refused.get_or_examine(|| Ok(3)), Err("no"));
    }
}
