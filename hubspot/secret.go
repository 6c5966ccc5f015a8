package hubspot

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
)

// redacted stands wherever a Secret would be printed.
const redacted = "[redacted]"

// Secret is an access token. It prints as "[redacted]" whatever the verb or
// encoder; only this package reads it, to set the Authorization header. The zero
// value is "no token".
//
// The text stands behind a pointer because fmt does not call the methods of a
// value in an unexported field: a struct that holds a Secret prints an address.
type Secret struct{ text *string }

// NewSecret keeps text, without surrounding white space, as a secret.
func NewSecret(text string) Secret {
	text = strings.TrimSpace(text)
	if text == "" {
		return Secret{}
	}
	return Secret{&text}
}

// IsZero reports whether there is no token.
func (s Secret) IsZero() bool { return s.text == nil }

// String returns "[redacted]".
func (s Secret) String() string { return redacted }

// GoString returns "[redacted]".
func (s Secret) GoString() string { return redacted }

// Format writes "[redacted]" for every verb.
func (s Secret) Format(f fmt.State, _ rune) {
	_, _ = f.Write([]byte(redacted)) // fmt.State has nowhere to report a failure
}

// MarshalJSON encodes "[redacted]".
func (s Secret) MarshalJSON() ([]byte, error) { return json.Marshal(redacted) }

// MarshalText encodes "[redacted]".
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue logs "[redacted]".
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// reveal is the token itself, for the wire alone.
func (s Secret) reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// scrub takes the token out of a text that came from outside: as it is, and as
// it stands in a URL or in base64.
func (s Secret) scrub(text string) string {
	if s.IsZero() {
		return text
	}
	token := s.reveal()
	return strings.NewReplacer(
		token, redacted,
		url.QueryEscape(token), redacted,
		url.PathEscape(token), redacted,
		base64.StdEncoding.EncodeToString([]byte(token)), redacted,
		base64.URLEncoding.EncodeToString([]byte(token)), redacted,
	).Replace(text)
}
