package hubspot

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
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

// shortToken is below the length of every token of HubSpot's. What is shorter is the
// word that somebody chose for a portal of their own.
const shortToken = 16

// scrub takes the token out of a text that came from outside: as it is, and as
// it stands in a URL or in base64. A short token goes where it stands as a word of
// its own, not where its letters are part of a longer one.
func (s Secret) scrub(text string) string {
	if s.IsZero() {
		return text
	}
	token := s.reveal()
	for _, form := range []string{
		token, url.QueryEscape(token), url.PathEscape(token),
		base64.StdEncoding.EncodeToString([]byte(token)), base64.URLEncoding.EncodeToString([]byte(token)),
	} {
		if len(token) < shortToken {
			text = replaceWord(text, form, redacted)
		} else {
			text = strings.ReplaceAll(text, form, redacted)
		}
	}
	return text
}

// replaceWord replaces a word where no letter or digit stands on either side of it.
func replaceWord(text, word, by string) string {
	var b strings.Builder
	for rest := text; ; {
		i := strings.Index(rest, word)
		if i < 0 {
			b.WriteString(rest)
			return b.String()
		}
		end := i + len(word)
		before, _ := utf8.DecodeLastRuneInString(text[:len(text)-len(rest)+i])
		after, _ := utf8.DecodeRuneInString(rest[end:])
		b.WriteString(rest[:i])
		if wordRune(before) || wordRune(after) {
			b.WriteString(word)
		} else {
			b.WriteString(by)
		}
		rest = rest[end:]
	}
}

func wordRune(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }
