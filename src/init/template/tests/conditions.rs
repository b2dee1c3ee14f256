//! Conditions: their choices and their errors.

use super::{lines, refusal, value, value_refusal};

const CONDITIONS: &str = "
  Gone: {Type: 'AWS::SQS::Queue', Condition: IsDev}
  Function: {Type: 'AWS::Lambda::Function', Condition: IsDev}
Parameters:
  Stage: {Type: String, Default: prod}
  Count: {Type: Number, Default: 1}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsDev: !Not [!Condition IsProd]
  IsOne: !Equals ['1', !Ref Count]
  Both: !And [!Condition IsProd, !Condition IsOne]
  Neither: !Or [!Condition IsDev, !Equals [a, b]]
  A: !Not [Condition: B]
  B: !And [!Condition A, !Condition IsProd]
  OfResource: !Equals [!Ref Asked, x]
  Odd: yes please
";

#[test]
fn conditions_choose_values() {
    assert_eq!(value("!If [IsProd, a, b]", CONDITIONS), "a");
    assert_eq!(value("!If [IsDev, a, b]", CONDITIONS), "b");
    assert_eq!(value("!If [Both, a, b]", CONDITIONS), "a");
    assert_eq!(value("!If [Neither, a, b]", CONDITIONS), "b");
    assert_eq!(
        value("!If [IsDev, a, !Ref AWS::NoValue]", CONDITIONS),
        "absent"
    );
}

#[test]
fn branches_not_chosen_are_not_evaluated() {
    assert_eq!(value("!If [IsDev, !GetAtt Gone.Arn, b]", CONDITIONS), "b");
    assert_eq!(value("!If [IsProd, a, !Ref Missing]", CONDITIONS), "a");
}

#[test]
fn a_resource_whose_condition_is_false_is_left_out() {
    assert_eq!(
        lines(&super::with_value("x", CONDITIONS)),
        "queue asked KmsMasterKeyId=x\n"
    );
    let left_out = "its condition leaves out the resource ";
    assert_eq!(
        value_refusal("!GetAtt Gone.Arn", CONDITIONS),
        format!("{left_out}Gone")
    );
    assert_eq!(
        value_refusal("!GetAtt Function.Arn", CONDITIONS),
        format!("{left_out}Function")
    );
}

#[test]
fn errors_name_their_condition() {
    assert_eq!(
        value_refusal("!If [Nope, a, b]", CONDITIONS),
        "there is no condition named Nope"
    );
    assert_eq!(
        value_refusal("!If [A, a, b]", CONDITIONS),
        "infra.yaml:17: condition A: this depends on itself: A -> B -> A"
    );
    assert_eq!(
        value_refusal("!If [OfResource, a, b]", CONDITIONS),
        "infra.yaml:19: condition OfResource: conditions refer to parameters, and Asked is a resource"
    );
    assert_eq!(
        value_refusal("!If [Odd, a, b]", CONDITIONS),
        "infra.yaml:20: condition Odd: a condition is Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition"
    );
    assert_eq!(
        refusal("Resources:\n  Q: {Type: 'AWS::SQS::Queue',\n    Condition: Nope}\n"),
        "infra.yaml:3: resource Q: there is no condition named Nope"
    );
}
