package values

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/contactsync/contactsync/crm"
)

// email stores an address in lower case without white space around it. HubSpot
// asks for a top-level domain that exists.
func email(text string) (string, *Problem) {
	address, err := crm.ParseEmail(text)
	if err != nil || !delegated(address.Domain()) {
		return "", &Problem{InvalidEmail, fmt.Sprintf("Email address %s is invalid", text)}
	}
	return string(address), nil
}

// emails stores a contact's secondary addresses, joined by semicolons.
func emails(text string) (string, *Problem) {
	kept := parts(nil, text)
	for i, part := range kept {
		address, problem := email(part)
		if problem != nil {
			return "", problem
		}
		kept[i] = address
	}
	return strings.Join(parts(nil, strings.Join(kept, ";")), ";"), nil
}

// reserved top-level domains never exist, so that examples and tests can use
// them (RFC 2606). HubSpot refuses them; a local portal is for examples and tests.
var reserved = []string{"example", "invalid", "localhost", "test"}

// delegated reports whether a domain ends in a top-level domain that is
// registered or reserved.
func delegated(domain string) bool {
	top := domain[strings.LastIndexByte(domain, '.')+1:]
	if slices.Contains(reserved, top) {
		return true
	}
	// The list answers with the last label alone, as not ICANN's, for a domain
	// that it does not know.
	suffix, icann := publicsuffix.PublicSuffix(domain)
	return icann || strings.Contains(suffix, ".")
}
