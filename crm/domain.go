package crm

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// A host name has at most 253 characters, each of its labels at most 63 (RFC 1035).
const (
	maxDomainLength = 253
	maxLabelLength  = 63
)

// DomainError says why a text is no domain. Rule is a stable word for it.
type DomainError struct {
	Rule   string
	Detail string
}

func (e *DomainError) Error() string { return e.Detail }

// ParseDomain normalises the domain of a company or of an address: white space
// around it removed, Unicode NFC, lower case, ASCII by IDNA. At least two labels
// are needed, and the last one is no number. The error is a *DomainError.
func ParseDomain(text string) (string, error) {
	trimmed := strings.TrimSpace(text)
	switch {
	case trimmed == "":
		return "", &DomainError{"empty", "the domain is empty"}
	case !utf8.ValidString(trimmed):
		return "", &DomainError{"encoding", "the domain is not valid UTF-8"}
	case strings.HasSuffix(trimmed, "."):
		return "", &DomainError{"trailing-dot", "the domain ends with a dot"}
	}
	for _, r := range trimmed {
		if unicode.IsSpace(r) || unicode.IsControl(r) || Invisible(r) {
			return "", &DomainError{"invisible", "the domain has a space or an invisible character"}
		}
	}
	ascii, err := idna.Lookup.ToASCII(lower(trimmed))
	if err != nil || len(ascii) > maxDomainLength {
		return "", &DomainError{"host", "the domain is not a valid host name"}
	}
	labels := strings.Split(ascii, ".")
	if len(labels) < 2 {
		return "", &DomainError{"no-dot", "the domain has no dot, as in example.com"}
	}
	for _, label := range labels {
		if label == "" || len(label) > maxLabelLength || !hostLabel(label) {
			return "", &DomainError{"host", "the domain is not a valid host name"}
		}
	}
	if top := labels[len(labels)-1]; len(top) < 2 || strings.Trim(top, "0123456789") == "" {
		return "", &DomainError{"top-level", "the domain does not end in a top-level domain"}
	}
	return ascii, nil
}

// hostLabel reports whether a label has only letters, digits and inner hyphens.
func hostLabel(label string) bool {
	for _, c := range []byte(label) {
		if 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' {
			continue
		}
		return false
	}
	return label[0] != '-' && label[len(label)-1] != '-'
}

// lower is the lower-case NFC form of a text. Lower-casing can undo NFC.
func lower(text string) string {
	return norm.NFC.String(strings.ToLower(norm.NFC.String(text)))
}
