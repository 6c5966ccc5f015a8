package apply_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/snapshot"
	"github.com/contactsync/contactsync/spec"
)

// held is what a portal holds: each contact as export writes it, by id, and who lies
// in the recycle bin.
type held struct {
	contacts map[crm.ObjectID]spec.Contact
	binned   map[string]bool
}

func holds(t *testing.T, remote *hubspot.Client, described *crm.Portal, custom ...crm.FixtureObject) held {
	t.Helper()
	types := []crm.ObjectType{crm.TypeCompany, crm.TypeContact, crm.TypeDeal, crm.TypeTicket, crm.TypeNote}
	for _, object := range custom {
		types = append(types, object.Type)
	}
	doc, err := snapshot.Document(t.Context(), remote.Reader, described, snapshot.ExportOptions{
		IDs:          true,
		Associations: types,
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
// were, as files would say it, who went into the recycle bin, and who was merged away.
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
			fmt.Fprintf(&out, "gone: %s\n", id)
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

// act does to a portal what somebody else might, an action a line:
//
//	set ID NAME TEXT       writes a property of a contact; TEXT may be missing
//	merge ID ID            merges the second contact into the first
//	archive ID             archives a contact
//	forget ID              deletes a contact permanently
//	create ADDRESS         creates a contact
//	associate ID TYPE ID   associates a contact with a record
//	option NAME VALUE      leaves a property this option alone
//	primary ID TYPE ID     the same, as its primary one
func act(t *testing.T, p *portal.Portal, actions string) {
	t.Helper()
	for line := range strings.Lines(actions) {
		line = strings.TrimSpace(line)
		word := append(strings.SplitN(line, " ", 4), "", "", "")
		method, path := http.MethodPost, ""
		var body any
		switch word[0] {
		case "set":
			method, path, body = http.MethodPatch, "/"+word[1], map[string]any{"properties": map[string]string{word[2]: word[3]}}
		case "merge":
			path, body = "/merge", map[string]string{"primaryObjectId": word[1], "objectIdToMerge": word[2]}
		case "archive":
			method, path = http.MethodDelete, "/"+word[1]
		case "forget":
			path, body = "/gdpr-delete", map[string]string{"objectId": word[1]}
		case "create":
			body = map[string]any{"properties": map[string]string{"email": word[1]}}
		case "option":
			options := []map[string]string{{"label": word[2], "value": word[2]}}
			send(t, p, http.MethodPatch, "/crm/v3/properties/contacts/"+word[1], map[string]any{"options": options})
			continue
		case "primary":
			method, path = http.MethodPut, "/"+word[1]+"/associations/"+word[2]+"/"+word[3]+"/1"
		case "associate":
			method, path = http.MethodPut, "/"+word[1]+"/associations/"+word[2]+"/"+word[3]+"/"+defaultTypes[word[2]]
		default:
			t.Fatalf("nobody can %q", line)
		}
		send(t, p, method, "/crm/v3/objects/contacts"+path, body)
	}
}

// The default association types of a contact, by the other record's type.
var defaultTypes = map[string]string{"companies": "279", "deals": "4", "contacts": "449"}

// send sends one request and demands that it succeeds.
func send(t *testing.T, p *portal.Portal, method, path string, body any) {
	t.Helper()
	content, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, "http://localhost"+path, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := p.Transport().RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	said, err := io.ReadAll(answer.Body)
	if err = errors.Join(err, answer.Body.Close()); err != nil || answer.StatusCode >= http.StatusMultipleChoices {
		t.Fatalf("%s %s: %s %s %v", method, path, answer.Status, said, err)
	}
}
