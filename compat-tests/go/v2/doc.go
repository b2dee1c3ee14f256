// Package v2 tests topiq with aws-sdk-go-v2, used as its users use it: AWS JSON to SQS, Query to SNS.
package v2
