#!/usr/bin/env bash
# aws-sdk-go-v2 1.47.7 (service/sqs 1.52.10, smithy-go 1.28.8), Go 1.26: an answer of 1 MiB from a near server can be lost in
# the client, though the server has written it whole.
#
# The SDK closes a request's body as soon as the head of the answer is there. If net/http has sent the body by then, but not
# yet looked for its end, it takes the request for failed and closes the connection under the answer. The call returns
# "use of closed network connection". Seen with a server of net/http's own, on two cores: 5 of 2,000 answers, and one in four
# where other programs were busy too. With an HTTP client that hands net/http a body which it knows to be in memory, none is
# lost.
#
# The SDK's retries hide it. What stays is the effect of the lost call: messages that a lost ReceiveMessage took are hidden
# until their visibility timeout ends.
#
# Fails when no answer is lost any more, when one is lost in another way, or when one is lost with the body in memory. It
# needs Go 1.26 and its module proxy; about a minute.
set -euo pipefail

work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"

cat >go.mod <<'MOD'
module finding

go 1.26

require (
	github.com/aws/aws-sdk-go-v2 v1.47.7
	github.com/aws/aws-sdk-go-v2/credentials v1.20.15
	github.com/aws/aws-sdk-go-v2/service/sqs v1.52.10
	github.com/aws/smithy-go v1.28.8
)
MOD

cat >main.go <<'GO'
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

const (
	callers = 8
	calls   = 1000
	enough  = 3
)

// inMemory hands net/http bodies that it knows to be in memory.
type inMemory struct{ client *awshttp.BuildableClient }

func (c inMemory) Do(request *http.Request) (*http.Response, error) {
	text, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	request.Body = io.NopCloser(bytes.NewReader(text))
	return c.client.Do(request)
}

// lost counts the calls that fail, by whether they fail as described, until enough do.
func lost(url string, client aws.HTTPClient) (made, known, other int) {
	queue := sqs.New(sqs.Options{
		BaseEndpoint: aws.String(url),
		Region:       "us-east-1",
		Credentials:  credentials.NewStaticCredentialsProvider("key", "secret", ""),
		HTTPClient:   client,
		Retryer:      aws.NopRetryer{},
	})
	var mutex sync.Mutex
	var group sync.WaitGroup
	for range callers {
		group.Go(func() {
			for range calls {
				_, err := queue.GetQueueAttributes(context.Background(), &sqs.GetQueueAttributesInput{
					QueueUrl:       aws.String(url + "/000000000000/q"),
					AttributeNames: []types.QueueAttributeName{"All"},
				})
				mutex.Lock()
				made++
				switch {
				case err == nil:
				case strings.Contains(err.Error(), "use of closed network connection"):
					known++
				default:
					other++
					fmt.Println(err)
				}
				isDone := known+other >= enough
				mutex.Unlock()
				if isDone {
					return
				}
			}
		})
	}
	group.Wait()
	return made, known, other
}

func main() {
	answer, _ := json.Marshal(map[string]any{
		"Attributes": map[string]string{"Policy": strings.Repeat("x", 1<<20)},
	})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		_, _ = w.Write(answer)
	}))
	defer server.Close()

	made, known, other := lost(server.URL, awshttp.NewBuildableClient())
	fmt.Printf("the SDK's client: %d of %d answers lost so, %d in another way\n", known, made, other)
	made, knownInMemory, otherInMemory := lost(server.URL, inMemory{awshttp.NewBuildableClient()})
	fmt.Printf("with bodies in memory: %d of %d lost so, %d in another way\n", knownInMemory, made, otherInMemory)
	if known == 0 || other+knownInMemory+otherInMemory > 0 {
		fmt.Println("that is not what was found")
		os.Exit(1)
	}
}
GO

export GOFLAGS=-mod=mod GOTOOLCHAIN=local GOMODCACHE="$work/modules"
go version
go mod tidy >/dev/null 2>&1
go run .
