package spec_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Which addresses several contacts may name: each line is a contact's email, then
// its previous addresses after "<" and its secondary ones after "+".
func TestAddressesOfSeveralContacts(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		contacts string
		want     diag.Code
		left     int // contacts without an error of their own
	}{
		"apart":                        {"a <old +x, b +y", "", 2},
		"a freed address is reused":    {"b <a, a", "", 2},
		"a chain of renames":           {"c <b, b <a", "", 2},
		"swap":                         {"a <b, b <a", diag.SwappedAddresses, 0},
		"ring of three and a stranger": {"a <b, b <c, c <a, d <a2", diag.SwappedAddresses, 1},
		"a way into a ring":            {"d <a, a <b, b <a", diag.SwappedAddresses, 0},
		"secondary is another's own":   {"a +b, b", diag.AddressClaimed, 0},
		"previous of two":              {"a <old, b <old", diag.AddressClaimed, 0},
		"previous here, also there":    {"a <old, b +old, c", diag.AddressClaimed, 1},
		"same twice":                   {"a, b, a", diag.DuplicateEmail, 1},
	}
	for name, test := range tests {
		document, list := spec.Load([]spec.Source{source("crm.yaml", addressBook(test.contacts))})
		if document.Len() != test.left {
			t.Errorf("%s: %d contacts are left, want %d", name, document.Len(), test.left)
		}
		if got := codes(list); got != string(test.want) && !strings.HasPrefix(got, string(test.want)+" ") || test.want == "" && got != "" {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
		for _, d := range list {
			if d.Subject == "" || len(d.Related) == 0 {
				t.Errorf("%s: names no contact or no other place: %+v", name, d)
			}
		}
	}
}

func addressBook(contacts string) string {
	text := "version: 1\ncontacts:\n"
	for contact := range strings.SplitSeq(contacts, ", ") {
		for i, word := range strings.Fields(contact) {
			key := "  - email"
			if i > 0 {
				key = map[byte]string{'<': "    previous_email", '+': "    also"}[word[0]]
				word = word[1:]
			}
			text += fmt.Sprintf("%s: %s@example.com\n", key, word)
		}
	}
	return text
}

// An archived contact's other lines are ignored: its further addresses clash with
// nobody's.
func TestArchivedContactsClaimNothing(t *testing.T) {
	t.Parallel()
	document := load(t, "version: 1\ncontacts:\n  - {email: a@example.com, ensure: archived, also: b@example.com}\n  - email: b@example.com\n")
	if got := document.Contact(0); len(got.Also) > 0 || got.Ensure != spec.Archived {
		t.Errorf("%+v", got)
	}
}

func TestDuplicatesNameEveryPlace(t *testing.T) {
	t.Parallel()
	_, list := spec.Load([]spec.Source{
		source("b.yaml", "version: 1\ncontacts:\n  - email: Ada@example.com\n  - email: ada@EXAMPLE.com\n"),
		source("a.yaml", "version: 1\ncontacts:\n  - email: ada@example.com\n"),
	})
	if len(list) != 1 {
		t.Fatal(list)
	}
	places := []string{place(list[0].At)}
	for _, related := range list[0].Related {
		places = append(places, place(related.At))
	}
	if diff := cmp.Diff([]string{"b.yaml:4:12-27", "b.yaml:3:12-27", "a.yaml:3:12-27"}, places); diff != "" {
		t.Error(diff)
	}
}

// The order of files, and of contacts in them, changes nothing but places.
func TestOrderOfContactsDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		drawn := contacts().Draw(t, "contacts")
		whole := encode(t, spec.NewDocument(drawn))
		cut := 0
		if len(drawn) > 0 {
			cut = rapid.IntRange(0, len(drawn)).Draw(t, "cut")
		}
		shuffled := rapid.Permutation(drawn).Draw(t, "order")
		document, list := spec.Load([]spec.Source{
			source("2.yaml", inOrder(t, shuffled[:cut])), source("1.yaml", inOrder(t, shuffled[cut:])),
		})
		if list.HasErrors() {
			t.Fatal(list)
		}
		if diff := cmp.Diff(whole, encode(t, document)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// inOrder writes contacts one document each, so that they stay in the given order.
func inOrder(t *rapid.T, contacts []spec.Contact) string {
	text := "version: 1\n"
	for _, contact := range contacts {
		text += "---\n" + encode(t, spec.NewDocument([]spec.Contact{contact}))
	}
	return text
}

func TestPositionsCountCharacters(t *testing.T) {
	t.Parallel()
	const text = "\ufeffversion: 1\r\ncontacts:\r\n- {properties: {city: 日本, zip: '1''2', phone: 123}, email: \"ada@münchen.de\"} # ü\r\n"
	contact := load(t, text).Contact(0)
	got := map[string]string{contact.Written: place(contact.At)}
	for _, property := range contact.Properties {
		got[property.Name] = place(property.At)
	}
	want := map[string]string{"ada@münchen.de": "crm.yaml:3:60-76", "city": "crm.yaml:3:23-25", "zip": "crm.yaml:3:32-38", "phone": "crm.yaml:3:47-50"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if contact.Email != crm.Email("ada@xn--mnchen-3ya.de") {
		t.Errorf("the key is %q", contact.Email)
	}
}
