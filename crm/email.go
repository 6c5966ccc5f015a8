package crm

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// Email is a normalised address: the key of a contact. Two addresses are the
// same contact's exactly when their normalised forms are equal. Plus tags and
// dots are part of the address and are not folded.
type Email string

// EmailError says why a text is no address. Rule is a stable word for it.
type EmailError struct {
	Rule   string
	Detail string
}

func (e *EmailError) Error() string { return e.Detail }

// HubSpot refuses longer addresses; RFC 5321 gives the same figures.
const (
	maxEmailLength = 254
	maxLocalLength = 64
)

// ParseEmail normalises an address: white space around it removed, Unicode NFC,
// lower case, the domain in ASCII by IDNA. The error is an *EmailError.
func ParseEmail(text string) (Email, error) {
	trimmed := strings.TrimSpace(text)
	if trimmed == "" {
		return "", &EmailError{"empty", "the address is empty"}
	}
	if !utf8.ValidString(trimmed) {
		return "", &EmailError{"encoding", "the address is not valid UTF-8"}
	}
	for _, r := range trimmed {
		switch {
		case unicode.IsSpace(r):
			return "", &EmailError{"space", "the address has white space inside"}
		case unicode.IsControl(r), Invisible(r):
			return "", &EmailError{"invisible", "the address has an invisible character"}
		}
	}
	lowered := norm.NFC.String(strings.ToLower(norm.NFC.String(trimmed)))
	local, domain, found := strings.Cut(lowered, "@")
	switch {
	case !found:
		return "", &EmailError{"no-at", "the address has no @"}
	case strings.Contains(domain, "@"):
		return "", &EmailError{"two-at", "the address has more than one @"}
	case local == "":
		return "", &EmailError{"no-local", "nothing stands before the @"}
	case domain == "":
		return "", &EmailError{"no-domain", "nothing stands after the @"}
	}
	if err := checkLocal(local); err != nil {
		return "", err
	}
	ascii, err := checkDomain(domain)
	if err != nil {
		return "", err
	}
	email := local + "@" + ascii
	if len(email) > maxEmailLength {
		return "", &EmailError{"long", "the address is longer than 254 characters"}
	}
	return Email(email), nil
}

func checkLocal(local string) error {
	switch {
	case len(local) > maxLocalLength:
		return &EmailError{"long-local", "the part before the @ is longer than 64 characters"}
	case strings.HasPrefix(local, "."), strings.HasSuffix(local, "."), strings.Contains(local, ".."):
		return &EmailError{"dots", "a dot stands at the edge of the part before the @, or two stand together"}
	}
	for _, r := range local {
		if r < utf8.RuneSelf && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(".!#$%&'*+/=?^_`{|}~-", r) {
			return &EmailError{"character", "the character " + string(r) + " cannot stand before the @"}
		}
	}
	return nil
}

func checkDomain(domain string) (string, error) {
	if strings.HasSuffix(domain, ".") {
		return "", &EmailError{"trailing-dot", "the domain ends with a dot"}
	}
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil {
		return "", &EmailError{"domain", "the domain is not a valid host name"}
	}
	labels := strings.Split(ascii, ".")
	if len(labels) < 2 {
		return "", &EmailError{"no-dot", "the domain has no dot: an address such as name@example.com is needed"}
	}
	for _, label := range labels {
		if label == "" || len(label) > 63 {
			return "", &EmailError{"domain", "the domain is not a valid host name"}
		}
	}
	if top := labels[len(labels)-1]; len(top) < 2 || strings.Trim(top, "0123456789") == "" {
		return "", &EmailError{"top-level", "the domain does not end in a top-level domain"}
	}
	return ascii, nil
}

// Domain is the part after the @, in ASCII.
func (e Email) Domain() string {
	_, domain, _ := strings.Cut(string(e), "@")
	return domain
}

// Invisible reports whether a character changes what a reader sees without being
// seen: zero-width characters, bidirectional controls, the byte order mark.
func Invisible(r rune) bool {
	switch {
	case r == '\u00ad', r == '\u061c', r == '\u180e', r == '\ufeff',
		r >= '\u200b' && r <= '\u200f',
		r >= '\u202a' && r <= '\u202e',
		r >= '\u2060' && r <= '\u206f':
		return true
	}
	return false
}
