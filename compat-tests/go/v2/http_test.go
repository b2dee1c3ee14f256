package v2

import (
	"bytes"
	"io"
	"net/http"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
)

// inMemory is the SDK's own HTTP client, but hands net/http bodies that it knows to be in memory.
//
// Otherwise a long answer from a near server may be lost in the client. The SDK closes a request's body as soon as the
// answer's head is there. If net/http has sent that body by then but not yet looked for its end, it takes the request
// for failed and closes the connection under the answer: "use of closed network connection". On a busy machine that
// happened to one answer of 1 MiB in four, with topiq as with a server of net/http's. The SDK's retries hide it, but
// they would hide topiq's failures too, and what a lost answer brought stays hidden until its visibility timeout ends.
type inMemory struct {
	client *awshttp.BuildableClient
}

func (c inMemory) Do(request *http.Request) (*http.Response, error) {
	if request.Body != nil {
		text, err := io.ReadAll(request.Body)
		if err != nil {
			return nil, err
		}
		request.Body = io.NopCloser(bytes.NewReader(text))
	}
	return c.client.Do(request)
}
