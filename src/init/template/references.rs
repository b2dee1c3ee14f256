//! `Ref` and `Fn::GetAtt`: parameters, pseudo parameters and resources.

use std::cell::RefCell;

use super::error::Fault;
use super::evaluate::{Evaluator, Need, arguments};
use super::names;
use super::parameters::Parameter;
use super::resources::{Declared, Kind};
use super::source::Template;
use super::unserved::{self, Unserved};
use super::{queue, topic};
use crate::document::{Node, Value};

/// The meaning of a name.
enum Referred {
    /// One of the template's resources.
    Declared(usize),
    /// A resource of this type that a transform generates.
    Generated(&'static str),
}

impl Evaluator<'_, '_> {
    pub(super) fn reference_to(&self, argument: &Node) -> Result<Option<Value>, Fault> {
        match &argument.value {
            Value::Text(name) => self.reference(name, argument.line),
            other => Err(Fault::new(
                argument.line,
                format!("Ref takes a name, not {}", other.kind()),
            )),
        }
    }

    /// The value of `Ref`; `None` for `AWS::NoValue`.
    pub(super) fn reference(&self, name: &str, line: usize) -> Result<Option<Value>, Fault> {
        if name == "AWS::NoValue" {
            return Ok(None);
        }
        if name.starts_with("AWS::") {
            return self.template.pseudo_parameter(name, line).map(Some);
        }
        if let Some(parameter) = self.template.parameters.get(name) {
            return self.parameter(name, parameter).map(Some);
        }
        let name = self.template.aliases.get(name).map_or(name, String::as_str);
        let Some(referred) = self.referred(name, line)? else {
            return Err(Fault::new(
                line,
                format!("there is no resource or parameter named {name}"),
            ));
        };
        self.template
            .reference(&referred, name, line)
            .map(|text| Some(Value::Text(text)))
    }

    fn parameter(&self, name: &str, parameter: &Parameter) -> Result<Value, Fault> {
        match (parameter, self.need) {
            (Parameter::Known(value), _) => Ok(value.clone()),
            (Parameter::Missing(missing), Need::Needed) => {
                let mut noted = self.template.missing.borrow_mut();
                noted.insert(name.to_owned());
                Ok(missing.placeholder.clone())
            }
            (Parameter::Missing(missing), Need::Optional) => Err(missing.fault(name)),
        }
    }

    pub(super) fn attribute_named(&self, argument: &Node) -> Result<Value, Fault> {
        if let Value::Text(text) = &argument.value {
            let Some((name, attribute)) = text.split_once('.') else {
                return Err(Fault::new(
                    argument.line,
                    "Fn::GetAtt takes a resource and its attribute",
                ));
            };
            return self.attribute(name, attribute, argument.line);
        }
        let [name, attribute] = arguments("Fn::GetAtt", argument)?;
        let line = argument.line;
        let (name, attribute) = (
            self.text(name, "Fn::GetAtt")?,
            self.text(attribute, "Fn::GetAtt")?,
        );
        self.attribute(&name, &attribute, line)
    }

    /// The value of `Fn::GetAtt`.
    pub(super) fn attribute(
        &self,
        name: &str,
        attribute: &str,
        line: usize,
    ) -> Result<Value, Fault> {
        let template = self.template;
        let alias = template.alias_of(name, attribute);
        if let Some(value) = alias.and_then(|id| self.reference(id, line).transpose()) {
            return value;
        }
        let (name, attribute) = template.unaliased(name, attribute);
        let Some(referred) = self.referred(name, line)? else {
            return Err(Fault::new(
                line,
                format!("there is no resource named {name}"),
            ));
        };
        self.template
            .attribute(&referred, name, attribute, line)
            .map(Value::Text)
    }

    /// The resource of this name, if it may be referred to from here.
    fn referred(&self, name: &str, line: usize) -> Result<Option<Referred>, Fault> {
        let Some(index) = self.template.index_of(name) else {
            return Ok(self.template.generated(name).map(Referred::Generated));
        };
        let Some(references) = self.references else {
            return Err(Fault::new(
                line,
                format!("conditions refer to parameters, and {name} is a resource"),
            ));
        };
        if self.template.is_dropped(index, self.need)? {
            return Err(Fault::new(
                line,
                format!("its condition leaves out the resource {name}"),
            ));
        }
        references.borrow_mut().insert(index);
        Ok(Some(Referred::Declared(index)))
    }
}

impl<'t> Template<'t> {
    /// The logical id of `Function.DestinationQueue`, SAM's name for what it generates.
    fn alias_of(&self, name: &str, attribute: &str) -> Option<&str> {
        if self.aliases.is_empty() {
            return None;
        }
        let id = self.aliases.get(&format!("{name}.{attribute}"));
        id.map(String::as_str)
    }

    /// `Function.DestinationQueue`, `Arn` for `Function`, `DestinationQueue.Arn`.
    fn unaliased<'n>(&'n self, name: &'n str, attribute: &'n str) -> (&'n str, &'n str) {
        let aliased = attribute
            .split_once('.')
            .and_then(|(part, attribute)| Some((self.alias_of(name, part)?, attribute)));
        aliased.unwrap_or((name, attribute))
    }

    fn pseudo_parameter(&self, name: &str, line: usize) -> Result<Value, Fault> {
        let text = match name {
            "AWS::AccountId" => self.context.home.account.to_string(),
            "AWS::Region" => self.context.home.region.to_string(),
            "AWS::Partition" => self.context.partition().to_owned(),
            "AWS::StackName" => self.stack.clone(),
            "AWS::StackId" => self.stack_id(&self.stack),
            "AWS::URLSuffix" if self.context.partition() == "aws-cn" => {
                "amazonaws.com.cn".to_owned()
            }
            "AWS::URLSuffix" => "amazonaws.com".to_owned(),
            "AWS::NotificationARNs" => return Ok(Value::List(Vec::new())),
            _ => {
                return Err(Fault::new(
                    line,
                    format!("there is no pseudo parameter {name}"),
                ));
            }
        };
        Ok(Value::Text(text))
    }

    /// The ARN of the stack of this name.
    pub(super) fn stack_id(&self, name: &str) -> String {
        let id = names::uuid(name, "");
        self.context
            .arn("cloudformation", &format!("stack/{name}/{id}"))
    }

    fn reference(&self, referred: &Referred, id: &str, line: usize) -> Result<String, Fault> {
        let Referred::Declared(index) = *referred else {
            return self.invented(referred, id, None);
        };
        match self.resources[index].kind {
            Kind::Queue => self
                .name_of(index)
                .map(|name| self.context.queue_url(&name)),
            Kind::Topic => self
                .name_of(index)
                .map(|name| self.context.arn("sns", &name)),
            Kind::Subscription => Err(unknown_subscription(id, line)),
            Kind::Stack => Ok(self.nested_stack(index)?.id.clone()),
            Kind::ByTable(of) => of.reference(self, index),
            _ => self.invented(referred, id, None),
        }
    }

    fn attribute(
        &self,
        referred: &Referred,
        id: &str,
        attribute: &str,
        line: usize,
    ) -> Result<String, Fault> {
        let invented = || self.invented(referred, id, Some(attribute));
        let Referred::Declared(index) = *referred else {
            return invented();
        };
        let has = |attributes: &str| {
            let kind = self.resources[index].type_name;
            Err(Fault::new(
                line,
                format!("{id} is an {kind} and has no attribute {attribute}, only {attributes}"),
            ))
        };
        if let Kind::ByTable(of) = self.resources[index].kind {
            return match of.attribute(self, index, attribute)? {
                Some(value) => Ok(value),
                None => has(&of.attributes()),
            };
        }
        match (self.resources[index].kind, attribute) {
            (Kind::Queue, "Arn") => self
                .name_of(index)
                .map(|name| self.context.arn("sqs", &name)),
            (Kind::Queue, "QueueName") | (Kind::Topic, "TopicName") => self.name_of(index),
            (Kind::Queue, "QueueUrl") => self
                .name_of(index)
                .map(|name| self.context.queue_url(&name)),
            (Kind::Topic, "TopicArn") => self
                .name_of(index)
                .map(|name| self.context.arn("sns", &name)),
            (Kind::Queue, _) => has("Arn, QueueName and QueueUrl"),
            (Kind::Topic, _) => has("TopicArn and TopicName"),
            (Kind::Subscription, "Arn") => Err(unknown_subscription(id, line)),
            (Kind::Subscription, _) => has("Arn"),
            (Kind::Stack, _) => self.nested_stack(index)?.attribute(id, attribute, line),
            (Kind::Other, _) => invented(),
            (_, "Id") => self.invented(referred, id, None),
            _ => has("Id"),
        }
    }

    /// The resource's name, given or generated.
    pub(super) fn name_of(&self, index: usize) -> Result<String, Fault> {
        if let Some(name) = self.names.borrow().get(&index) {
            return Ok(name.clone());
        }
        let declared = &self.resources[index];
        let name = self
            .resolving(declared.id.to_owned(), declared.line, || {
                self.resolved_name(declared)
            })
            .map_err(|fault| fault.of(&declared.subject()))?;
        self.names.borrow_mut().insert(index, name.clone());
        Ok(name)
    }

    fn resolved_name(&self, declared: &Declared<'_>) -> Result<String, Fault> {
        let references = RefCell::default();
        let evaluator = Evaluator::of_resource(self, &references);
        // Resources that are not served are not checked: a name that cannot be resolved is generated.
        let optional = evaluator.optional();
        match declared.kind {
            Kind::Queue => queue::name(&evaluator, declared),
            Kind::Topic => topic::name(&evaluator, declared),
            Kind::ByTable(of) => of.name_of(&evaluator, declared),
            _ => {
                let made = || names::made(&self.stack, declared.id, "", names::MADE_UP_LENGTH);
                let property = unserved::name_property(declared.type_name);
                let given = property.and_then(|property| declared.property(property));
                let given = given.and_then(|node| optional.text(node, "a name").ok());
                Ok(given.unwrap_or_else(made))
            }
        }
    }

    /// The value of `Ref` or of an attribute of a resource that is not served. It is noted, to be told where a service
    /// refuses it.
    fn invented(
        &self,
        referred: &Referred,
        id: &str,
        attribute: Option<&str>,
    ) -> Result<String, Fault> {
        let unserved = self.unserved_resource(referred, id)?;
        let value = match attribute {
            None => unserved.reference(),
            Some(attribute) => unserved.attribute(attribute),
        };
        let origin = format!("{id}, of {}, which topiq leaves out", unserved.type_name);
        self.invented.borrow_mut().insert(value.clone(), origin);
        Ok(value)
    }

    fn unserved_resource(&self, referred: &Referred, id: &str) -> Result<Unserved<'_, 't>, Fault> {
        let (type_name, name) = match *referred {
            Referred::Declared(index) => (self.resources[index].type_name, self.name_of(index)?),
            Referred::Generated(type_name) => (
                type_name,
                names::made(&self.stack, id, "", names::MADE_UP_LENGTH),
            ),
        };
        Ok(Unserved {
            type_name,
            name,
            template: self,
        })
    }

    /// The type of the resource that AWS SAM generates under this name: they start with `Serverless`, or with the name of
    /// the resource that they are generated for.
    fn generated(&self, name: &str) -> Option<&'static str> {
        let is_made_for = |declared: &Declared<'_>| {
            declared.type_name.starts_with("AWS::Serverless::") && name.starts_with(declared.id)
        };
        let is_generated = self.is_serverless
            && (name.starts_with("Serverless") || self.resources.iter().any(is_made_for));
        match name {
            _ if !is_generated => None,
            _ if name.ends_with("Role") => Some("AWS::IAM::Role"),
            _ => Some("AWS::Serverless::Generated"),
        }
    }
}

fn unknown_subscription(id: &str, line: usize) -> Fault {
    Fault::new(
        line,
        format!("the ARN of the subscription {id} is not known before it exists"),
    )
}
