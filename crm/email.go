package crm

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
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
//
// JSON Schema's "email" format is no substitute: it accepts a@b and
// a@[127.0.0.1], and refuses a@münchen.de.
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
		case unicode.IsControl(r), Invisible(r), unicode.Is(unicode.Variation_Selector, r):
			return "", &EmailError{"invisible", "the address has an invisible character"}
		}
	}
	lowered := lower(trimmed)
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
	ascii, err := ParseDomain(domain)
	if domainErr := (*DomainError)(nil); errors.As(err, &domainErr) {
		return "", &EmailError{"domain-" + domainErr.Rule, "after the @, " + domainErr.Detail}
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

// Domain is the part after the @, in ASCII.
func (e Email) Domain() string {
	_, domain, _ := strings.Cut(string(e), "@")
	return domain
}
