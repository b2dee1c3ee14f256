package expected

import (
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
)

// Attribute is a message attribute; the value of a binary one is its bytes.
type Attribute struct {
	DataType string
	Value    []byte
}

// DigestOf is SQS's digest of message attributes, sorted by name: name, type and value, each after its length. It is empty
// without any.
func DigestOf(attributes map[string]Attribute) string {
	if len(attributes) == 0 {
		return ""
	}
	var text []byte
	add := func(part []byte) {
		text = append(binary.BigEndian.AppendUint32(text, uint32(len(part))), part...)
	}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		attribute := attributes[name]
		add([]byte(name))
		add([]byte(attribute.DataType))
		if strings.HasPrefix(attribute.DataType, "Binary") {
			text = append(text, 2)
		} else {
			text = append(text, 1)
		}
		add(attribute.Value)
	}
	sum := md5.Sum(text)
	return hex.EncodeToString(sum[:])
}

// AllBytes is a binary value that breaks careless codecs.
func AllBytes() []byte {
	all := make([]byte, 256)
	for value := range all {
		all[value] = byte(value)
	}
	return all
}
