//! The definitions that the tests run.

/// Two Pass states, a Choice, an end.
pub(crate) const TEA: &str = r#"{
  "Comment": "Makes a cup of tea.",
  "StartAt": "Boil",
  "States": {
    "Boil": {
      "Type": "Pass",
      "Result": { "celsius": 96 },
      "ResultPath": "$.water",
      "Next": "Steep"
    },
    "Steep": {
      "Type": "Pass",
      "InputPath": "$.leaves",
      "ResultPath": "$.infusion",
      "Next": "Sweet?"
    },
    "Sweet?": {
      "Type": "Choice",
      "Choices": [
        { "Variable": "$.sweet", "BooleanEquals": true, "Next": "Stir in honey" }
      ],
      "Default": "Serve"
    },
    "Stir in honey": {
      "Type": "Pass",
      "Result": 2,
      "ResultPath": "$.spoons",
      "Next": "Serve"
    },
    "Serve": {
      "Type": "Succeed"
    }
  }
}
"#;

/// An input for it.
pub(crate) const TEA_INPUT: &str = r#"{ "leaves": "sencha", "sweet": true }"#;

/// A state that waits for four minutes: an Express execution may last for five.
pub(crate) const DOUGH: &str = r#"{
  "StartAt": "Knead",
  "States": {
    "Knead": { "Type": "Pass", "Next": "Rise" },
    "Rise": { "Type": "Wait", "Seconds": 240, "Next": "Bake" },
    "Bake": { "Type": "Succeed" }
  }
}
"#;

/// A task with a Retry whose pause is long, and a Catch.
pub(crate) const ERRAND: &str = r#"{
  "StartAt": "Fetch parcel",
  "States": {
    "Fetch parcel": {
      "Type": "Task",
      "Resource": "arn:aws:lambda:eu-central-1:123456789012:function:Fetch",
      "Retry": [ { "ErrorEquals": ["Shop.Closed"], "IntervalSeconds": 200, "MaxAttempts": 1 } ],
      "Catch": [ { "ErrorEquals": ["Parcel.Lost"], "ResultPath": "$.mishap", "Next": "Complain" } ],
      "ResultPath": "$.parcel",
      "Next": "Unpack"
    },
    "Unpack": { "Type": "Succeed" },
    "Complain": { "Type": "Pass", "End": true }
  }
}
"#;

/// A loop that goes on until it is stopped; a function makes a round long enough for the debugger not to think that
/// there are too many.
pub(crate) const TREADMILL: &str = r#"{
  "StartAt": "Left foot",
  "States": {
    "Left foot": {
      "Type": "Pass",
      "Parameters": { "steps.$": "States.ArrayUnique(States.ArrayRange(1, 900, 1))" },
      "ResultPath": null,
      "Next": "Right foot"
    },
    "Right foot": { "Type": "Pass", "Next": "Tired?" },
    "Tired?": {
      "Type": "Choice",
      "Choices": [ { "Variable": "$.tired", "IsPresent": true, "Next": "Rest" } ],
      "Default": "Left foot"
    },
    "Rest": { "Type": "Succeed" }
  }
}
"#;

/// A Parallel state around two chains.
pub(crate) const KITCHEN: &str = r#"{
  "StartAt": "Cook",
  "States": {
    "Cook": {
      "Type": "Parallel",
      "Branches": [
        {
          "StartAt": "Peel",
          "States": {
            "Peel": { "Type": "Pass", "Next": "Roast" },
            "Roast": { "Type": "Pass", "End": true }
          }
        },
        {
          "StartAt": "Whisk",
          "States": { "Whisk": { "Type": "Pass", "End": true } }
        }
      ],
      "Next": "Eat"
    },
    "Eat": { "Type": "Pass", "End": true }
  }
}
"#;

/// A Fail state whose cause is JSON text.
pub(crate) const ALARM: &str = r#"{
  "StartAt": "Sound",
  "States": {
    "Sound": {
      "Type": "Fail",
      "Error": "Smoke.Detected",
      "Cause": "{\"room\":\"attic\",\"level\":7}"
    }
  }
}
"#;

/// A path that finds nothing.
pub(crate) const LETTER: &str = r#"{
  "StartAt": "Address",
  "States": {
    "Address": {
      "Type": "Pass",
      "Parameters": { "street.$": "$.person.address.street" },
      "End": true
    }
  }
}
"#;

/// JSONata: a Choice, a Pass with Output and Assign, one that fails.
pub(crate) const BILL: &str = r#"{
  "QueryLanguage": "JSONata",
  "StartAt": "Add up",
  "States": {
    "Add up": {
      "Type": "Pass",
      "Output": { "sum": "{% $sum($states.input.prices) %}" },
      "Assign": { "guests": "{% $count($states.input.prices) %}" },
      "Next": "Expensive?"
    },
    "Expensive?": {
      "Type": "Choice",
      "Choices": [
        { "Condition": "{% $states.input.sum / $guests > 20 %}", "Next": "Complain" }
      ],
      "Default": "Complain"
    },
    "Complain": {
      "Type": "Pass",
      "Output": "{% $states.input.total & ' is too much' %}",
      "Assign": { "mood": "{% $states.input.total %}" },
      "End": true
    }
  }
}
"#;
