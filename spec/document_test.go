package spec_test

import (
	"testing"

	"github.com/contactsync/contactsync/spec"

	"github.com/google/go-cmp/cmp"
)

func TestDigestIsOfTheContentsInTheirOrder(t *testing.T) {
	t.Parallel()
	digest := func(sources ...spec.Source) string {
		document, _ := spec.Load(sources)
		return document.Digest()
	}
	a, b := source("a.yaml", "version: 1\n"), source("b.yaml", "version: 1\ncontacts: []\n")
	first := digest(a, b)
	if first != digest(source("renamed.yaml", "version: 1\n"), b) {
		t.Error("a file's name counts")
	}
	others := map[string]string{
		"the other order":     digest(b, a),
		"one file less":       digest(a),
		"another comment":     digest(source("a.yaml", "version: 1\n#"), b),
		"cut elsewhere":       digest(source("a.yaml", "version: 1\nversion: 1\n"), source("b.yaml", "contacts: []\n")),
		"nothing":             digest(),
		"a file without text": digest(a, b, source("c.yaml", "")),
	}
	for name, other := range others {
		if other == first {
			t.Errorf("%s has the same digest", name)
		}
	}
	document, _ := spec.Load([]spec.Source{b, a})
	if diff := cmp.Diff([]string{"b.yaml", "a.yaml"}, document.Files()); diff != "" {
		t.Error(diff)
	}
}

// Contacts with an error of their own are left out whole; the others stay.
func TestContactsWithErrorsAreLeftOut(t *testing.T) {
	t.Parallel()
	document, list := spec.Load([]spec.Source{source("crm.yaml", "version: 1\ncontacts:\n"+
		"  - {email: good@example.com}\n  - {email: bad@example.com, properties: {firstname: }}\n  - {email: warned@example.com, take_email: file}\n")})
	if document.Len() != 2 || list.Errors() != 1 || len(list) != 2 {
		t.Fatalf("%d contacts, %v", document.Len(), list)
	}
	for _, d := range list {
		if d.Subject == "" {
			t.Errorf("%s does not say which contact it is about", d.Code)
		}
	}
}
