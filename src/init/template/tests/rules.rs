//! Rules: assertions on parameters.

use super::{plan_with, refusals};

const RULES: &str = "Parameters:
  Stage: {Type: String, Default: test}
  Zones: {Type: CommaDelimitedList, Default: 'a,b'}
  Vpc: {Type: 'AWS::EC2::VPC::Id', Default: v}
Resources: {Q: {Type: 'AWS::SQS::Queue'}}
Rules:
  ProdNeedsZones:
    RuleCondition: !Equals [!Ref Stage, prod]
    Assertions:
      - Assert: !EachMemberIn [!Ref Zones, [a, b, c]]
        AssertDescription: Prod has the zones a, b and c
      - Assert: !Not [!EachMemberEquals [!Ref Zones, a]]
  Known:
    Assertions:
      - Assert: !Or [!Contains [[test, dev], !Ref Stage], !Equals [!Ref Stage, prod]]
        AssertDescription: No such stage
      - Assert: !And [!Equals [a, a], 'true']
  Network:
    Assertions: [{Assert: !Contains [!ValueOfAll ['AWS::EC2::VPC::Id', Tags.Name], x], AssertDescription: Untagged}]
";

#[test]
fn rules_hold_or_stop_the_start() {
    assert!(plan_with(RULES, &[]).is_ok());
    assert!(plan_with(RULES, &[("Stage", "prod")]).is_ok());
    assert_eq!(
        refusals(RULES, &[("Stage", "prod"), ("Zones", "a,d")]),
        ["infra.yaml:10: rule ProdNeedsZones: Prod has the zones a, b and c"]
    );
    assert_eq!(
        refusals(RULES, &[("Stage", "prod"), ("Zones", "a,a")]),
        ["infra.yaml:12: rule ProdNeedsZones: its assertion does not hold for the parameters"]
    );
    assert_eq!(
        refusals(RULES, &[("Stage", "x")]),
        ["infra.yaml:15: rule Known: No such stage"]
    );
}

#[test]
fn wrong_rules_are_refused() {
    let refused = |rule: &str| refusals(&format!("Resources: {{}}\nRules:\n  R: {rule}\n"), &[]);
    assert_eq!(
        refused("{Assertions: {a: b}}"),
        ["infra.yaml:3: rule R: Assertions takes a list, not a mapping"]
    );
    assert_eq!(
        refused("{Assertions: [{AssertDescription: x}]}"),
        ["infra.yaml:3: rule R: the Assert is missing"]
    );
    assert_eq!(
        refused("{Assertions: [{Assert: !Contains [a, b]}]}"),
        ["infra.yaml:3: rule R: this function takes a list, not a text"]
    );
}
