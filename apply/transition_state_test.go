package apply_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/snapshot"
	"github.com/contactsync/contactsync/spec"
)

// held is what a portal holds: each contact as export writes it, by id, and who lies
// in the recycle bin.
type held struct {
	contacts map[crm.ObjectID]spec.Contact
	binned   map[string]bool
}

func holds(t *testing.T, remote *hubspot.Client) held {
	t.Helper()
	described, err := snapshot.Portal(t.Context(), remote.Reader, spec.NewDocument(nil))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := snapshot.Document(t.Context(), remote.Reader, described, snapshot.ExportOptions{
		IDs:          true,
		Associations: []crm.ObjectType{crm.TypeCompany, crm.TypeContact, crm.TypeDeal, crm.TypeTicket, crm.TypeNote},
	})
	if err != nil {
		t.Fatal(err)
	}
	h := held{make(map[crm.ObjectID]spec.Contact), make(map[string]bool)}
	for _, c := range doc.All() {
		h.contacts[c.ID] = c
	}
	for page, err := range remote.Objects(t.Context(), "contacts", hubspot.ListOptions{Properties: []string{"email"}, Archived: true}) {
		if err != nil {
			t.Fatal(err)
		}
		for _, object := range page {
			h.binned[object.ID] = true
		}
	}
	return h
}

// since is what differs from before: the contacts that are new or other than they
// were, as files would say it, and who went into the recycle bin.
func (h held) since(t *testing.T, before held) string {
	t.Helper()
	var differ []spec.Contact
	for id, c := range h.contacts {
		if old, known := before.contacts[id]; !known || encoded(t, old) != encoded(t, c) {
			differ = append(differ, c)
		}
	}
	var out strings.Builder
	if len(differ) > 0 {
		out.WriteString(encoded(t, differ...))
	}
	for _, id := range slices.Sorted(maps.Keys(h.binned)) {
		if !before.binned[id] {
			fmt.Fprintf(&out, "archived: %s\n", id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(before.contacts)) {
		if _, live := h.contacts[id]; !live && !h.binned[string(id)] {
			t.Errorf("contact %s is gone", id)
		}
	}
	return steady(out.String())
}

func encoded(t *testing.T, contacts ...spec.Contact) string {
	t.Helper()
	var out bytes.Buffer
	if err := spec.NewDocument(contacts).Encode(&out); err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(out.String(), "version: 1\ncontacts:\n")
}
