// Package expected has the expected answers for stories of both versions of the SDK.
package expected

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Envelope is the JSON around a message on its way from SNS to a queue, unless the subscription has raw delivery.
type Envelope struct {
	Type              string
	MessageId         string
	SequenceNumber    string
	TopicArn          string
	Subject           string
	Message           string
	Timestamp         string
	SignatureVersion  string
	Signature         string
	SigningCertURL    string
	UnsubscribeURL    string
	MessageAttributes map[string]struct{ Type, Value string }
}

// ReadEnvelope reads the body of a queue's message.
func ReadEnvelope(t testing.TB, body string) Envelope {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(body))
	decoder.DisallowUnknownFields()
	var read Envelope
	require.NoError(t, decoder.Decode(&read))
	require.Equal(t, "Notification", read.Type)
	return read
}

// RequireSigned verifies the signature as subscribers do: by the certificate that the envelope names.
func RequireSigned(t testing.TB, read Envelope) {
	t.Helper()
	response, err := http.Get(read.SigningCertURL)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	block, _ := pem.Decode(text)
	require.NotNil(t, block, "no certificate at %s", read.SigningCertURL)
	certificate, err := x509.ParseCertificate(block.Bytes)
	require.NoError(t, err)

	signed := "Message\n" + read.Message + "\nMessageId\n" + read.MessageId + "\n"
	if read.Subject != "" {
		signed += "Subject\n" + read.Subject + "\n"
	}
	signed += "Timestamp\n" + read.Timestamp + "\nTopicArn\n" + read.TopicArn + "\nType\n" + read.Type + "\n"
	signature, err := base64.StdEncoding.DecodeString(read.Signature)
	require.NoError(t, err)
	key := certificate.PublicKey.(*rsa.PublicKey)
	if read.SignatureVersion == "2" {
		digest := sha256.Sum256([]byte(signed))
		require.NoError(t, rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], signature))
	} else {
		digest := sha1.Sum([]byte(signed))
		require.NoError(t, rsa.VerifyPKCS1v15(key, crypto.SHA1, digest[:], signature))
	}
}
