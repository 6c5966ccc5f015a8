package spec

import (
	"fmt"
	"net/mail"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/contactsync/contactsync/crm"
)

// sentence makes a full sentence of an error's text.
func sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:] + "."
}

// emailHint guesses what was meant by a text that is no address.
func emailHint(text string) string {
	text = strings.TrimPrefix(strings.TrimSpace(text), "mailto:")
	if parsed, err := mail.ParseAddress(text); err == nil {
		if email, err := crm.ParseEmail(parsed.Address); err == nil {
			return fmt.Sprintf("write %q", string(email))
		}
	}
	return "write an address such as name@example.com"
}

// domainHint guesses what was meant by a text that is no domain.
func domainHint(text string) string {
	text = strings.TrimSpace(text)
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	if parsed, err := url.Parse(text); err == nil {
		if domain, err := crm.ParseDomain(strings.TrimSuffix(parsed.Hostname(), ".")); err == nil {
			return fmt.Sprintf("write %q", domain)
		}
	}
	return "write a domain such as example.com"
}
