// Package v2 holds topiq against aws-sdk-go-v2, used as its users use it: AWS JSON to SQS, Query to SNS.
package v2
