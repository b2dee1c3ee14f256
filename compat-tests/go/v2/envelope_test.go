package v2

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

	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"
)

// envelope is what SNS puts a message into on its way to a queue, unless the subscription wants it raw.
type envelope struct {
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

func readEnvelope(t *testing.T, message types.Message) envelope {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(*message.Body))
	decoder.DisallowUnknownFields()
	var read envelope
	require.NoError(t, decoder.Decode(&read))
	require.Equal(t, "Notification", read.Type)
	return read
}

// requireSigned verifies the signature as subscribers do: by the certificate that the envelope names.
func requireSigned(t *testing.T, read envelope) {
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
