//! The calls that make a resource of a type: its own, and those that its properties ask for besides.

use super::members::{Members, member};
use super::{Identity, Naming, Type, all};
use crate::init::plan::{Call, Change, Made};
use crate::init::template::error::Fault;
use crate::init::template::properties::Properties;

/// A resource whose own call is made.
pub(super) struct MadeBy<'a> {
    pub(super) identity: &'a Identity,
    /// The members of the call.
    pub(super) members: &'a Members,
}

/// The further calls of a resource that its properties ask for.
pub(super) type Also = fn(&MadeBy<'_>, &mut Properties) -> Result<Vec<Call>, Fault>;

impl Type {
    /// The calls that make a resource.
    pub(in crate::init) fn calls(
        &self,
        identity: Identity,
        properties: &mut Properties,
    ) -> Result<Vec<Call>, Fault> {
        let lines = properties.lines();
        let members = self.members(&identity.name, properties)?;
        let mut naming = members.clone();
        if let Naming::Watched(member) = self.naming {
            naming.text(member, &identity.name);
        }
        let made = MadeBy {
            identity: &identity,
            members: &members,
        };
        let further = match self.also {
            Some(also) => also(&made, properties)?,
            None => Vec::new(),
        };
        let change = |action, members: &Members| Change {
            action,
            input: members.to_json(),
        };
        let actions = self.actions;
        let find = actions.find;
        let call = Call {
            service: self.service,
            turn: 0,
            find: find.map(|(action, names)| change(action, &naming.only(names))),
            change: actions.change.map(|action| change(action, &naming)),
            make: change(actions.make, &members),
            tag: self.tagging(&identity, &members),
            made: Some(Made {
                type_name: self.name,
                name: identity.name,
                arn: identity.arn,
                lines,
            }),
            told: identity.told,
        };
        let mut calls = vec![call];
        calls.extend(further);
        for call in &mut calls {
            call.turn = self.turn();
        }
        Ok(calls)
    }

    /// The members of the call that makes a resource.
    fn members(&self, name: &str, properties: &mut Properties) -> Result<Members, Fault> {
        let mut members = Members::default();
        if let Naming::Property(property, member, _) = self.naming {
            properties.take(property);
            members.text(member, name);
        }
        for property in self.properties {
            if let Some(node) = properties.take(property.name) {
                let member = member(node, property.shape);
                let member = member.map_err(|fault| fault.within(property.name))?;
                members.put(property.member, member);
            }
        }
        Ok(members)
    }

    /// What gives a resource its tags if it is there already.
    fn tagging(&self, identity: &Identity, members: &Members) -> Option<Change> {
        let [action, arn, tags, given] = self.actions.tag?;
        let given = members.get(given)?;
        let mut members = Members::default();
        members.text(arn, &identity.arn);
        members.put(tags, given.clone());
        Some(Change {
            action,
            input: members.to_json(),
        })
    }
}

/// A call that may be made again without harm, and whose answer tells nothing.
pub(in crate::init) fn plain(
    service: &'static str,
    action: &'static str,
    members: &Members,
) -> Call {
    let make = Change {
        action,
        input: members.to_json(),
    };
    Call {
        service,
        turn: all().count(),
        made: None,
        find: None,
        change: None,
        make,
        tag: None,
        told: Vec::new(),
    }
}
