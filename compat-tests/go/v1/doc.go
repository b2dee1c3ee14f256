// Package v1 tests topiq with the last aws-sdk-go that speaks AWS Query to SQS: 1.47.6 and later speak JSON.
package v1
