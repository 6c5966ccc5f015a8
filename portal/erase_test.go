package portal_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

func eraseContact(t *testing.T, p *portal.Portal, body string) {
	t.Helper()
	if got := want(t, p, 204, "POST", contactsPath+"/gdpr-delete", body); got.Body != "" {
		t.Errorf("answered %q", got.Body)
	}
}

// Every text that the person had, in any property and at any time, is out of the
// files of the portal, among neighbours that stay.
func TestNothingOfAnErasedContactIsLeftInTheFile(t *testing.T) {
	if testing.Short() {
		t.Skip("writes the file anew for each contact")
	}
	t.Parallel()
	dir := t.TempDir()
	p := portaltest.New(t, portal.Config{Path: filepath.Join(dir, "portal.db")})
	random := rand.New(rand.NewPCG(1, 2)) // #nosec G404 -- a layout of pages, not a secret
	text := func(word string, i int) string {
		return strings.Repeat(fmt.Sprintf("%s-%03d ", word, i), 1+random.IntN(40))
	}
	var ids, inputs []string
	for i := range 100 {
		inputs = append(inputs, fmt.Sprintf(`{"objectWriteTraceId":"%d","properties":{"email":"%04x.person-%03d@example.com","message":"%s"}}`, i, random.IntN(1<<16), i, text("first", i)))
	}
	created := askBatch(t, p, 201, contactsPath+"/batch/create", strings.Join(inputs, ","))
	ids = make([]string, len(inputs))
	for _, o := range created.Results {
		var i int
		if _, err := fmt.Sscan(o.ObjectWriteTraceID, &i); err != nil {
			t.Fatal(err)
		}
		ids[i] = o.ID
	}
	for _, property := range []string{"message", "hs_content_membership_notes", "message", "address"} {
		var updates []string
		for i, id := range ids {
			updates = append(updates, fmt.Sprintf(`{"id":"%s","properties":{"%s":"%s"}}`, id, property, text("then", i)))
		}
		askBatch(t, p, 200, contactsPath+"/batch/update", strings.Join(updates, ","))
	}
	large := strings.Repeat("large-007 ", 6000)
	want(t, p, 200, "PATCH", contactsPath+"/"+ids[7], `{"properties":{"message":"`+large+`"}}`)
	want(t, p, 204, "DELETE", contactsPath+"/"+ids[11], "")

	gone := []int{7, 11, 23}
	eraseContact(t, p, `{"objectId":"`+ids[7]+`"}`)
	eraseContact(t, p, `{"objectId":`+ids[11]+`}`)
	eraseContact(t, p, `{"objectId":"`+ids[23]+`"}`)
	for _, i := range random.Perm(100)[:40] {
		if i != 50 {
			eraseContact(t, p, `{"objectId":"`+ids[i]+`"}`)
			gone = append(gone, i)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(data)
	}
	for _, i := range gone {
		if at := strings.Index(all.String(), fmt.Sprintf("-%03d", i)); at >= 0 {
			t.Errorf("contact %d is left: %q", i, all.String()[max(at-40, 0):at+40])
		}
	}
	if !strings.Contains(all.String(), "person-050@example.com") {
		t.Error("a contact that nobody erased is gone from the file")
	}
}

func TestErasedContactIsKnownNowhere(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	if err := p.Fill(t.Context(), uniqueNumbers); err != nil {
		t.Fatal(err)
	}
	company := add(t, p, "companies", `{"domain":"navy.example"}`).ID
	a := add(t, p, "contacts", `{"email":"a@example.com","number":"1"}`).ID
	b := add(t, p, "contacts", `{"email":"b@example.com","hs_additional_emails":"c@example.com"}`).ID
	for _, id := range []string{a, b} {
		want(t, p, 200, "PUT", "/crm/v4/objects/contacts/"+id+"/associations/default/companies/"+company, "")
	}
	id := mergeInto(t, p, "contacts", a, b).ID
	eraseContact(t, p, `{"objectId":"C@example.com","idProperty":"email"}`)
	for _, key := range []string{a, b, id, "a@example.com?idProperty=email", "c@example.com?idProperty=email", "1?idProperty=number"} {
		want(t, p, 404, "GET", contactsPath+"/"+key, "")
		want(t, p, 404, "GET", contactsPath+"/"+strings.Replace(key+"?archived=true", "?idProperty", "&idProperty", 1), "")
	}
	demandLinks(t, p, "companies", company, "contacts")
	stats, err := p.Stats(t.Context())
	if err != nil || stats.Objects["contact"] != (portal.Count{}) || stats.Associations != 0 {
		t.Errorf("the portal holds %+v, %v", stats, err)
	}
	if _, err := p.Restore(t.Context(), "contact", id); err == nil {
		t.Error("an erased contact came back from the bin")
	}
	again := add(t, p, "contacts", `{"email":"a@example.com","number":"1"}`)
	if again.ID == a || again.ID == id {
		t.Errorf("the id %s was given twice", again.ID)
	}
}

func TestErasingByAddressTakesThoseInTheBinToo(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	var ids []string
	for range 3 {
		id := add(t, p, "contacts", `{"email":"a@example.com"}`).ID
		ids = append(ids, id)
		if len(ids) < 3 {
			want(t, p, 204, "DELETE", contactsPath+"/"+id, "")
		}
	}
	other := add(t, p, "contacts", `{"email":"b@example.com"}`).ID
	eraseContact(t, p, `{"objectId":"a@example.com","idProperty":"email"}`)
	for _, id := range ids {
		want(t, p, 404, "GET", contactsPath+"/"+id+"?archived=true", "")
		want(t, p, 404, "GET", contactsPath+"/"+id, "")
	}
	want(t, p, 200, "GET", contactsPath+"/"+other, "")
	eraseContact(t, p, `{"objectId":"12"}`)
	eraseContact(t, p, `{"objectId":"`+ids[0]+`"}`)
	want(t, p, 400, "POST", contactsPath+"/gdpr-delete", `{"idProperty":"email"}`)
	want(t, p, 400, "POST", contactsPath+"/gdpr-delete", `{"objectId":"x","idProperty":"firstname"}`)
}

func TestForgottenAddressesAreRefusedWhereRuled(t *testing.T) {
	t.Parallel()
	for ruling, status := range map[string]int{"allow": 201, "refuse": 400} {
		p := portaltest.New(t, portal.Config{Rulings: portal.Rulings{"forgotten-address": ruling}})
		add(t, p, "contacts", `{"email":"ada@example.com","hs_additional_emails":"countess@example.com"}`)
		other := add(t, p, "contacts", `{"email":"other@example.com"}`).ID
		eraseContact(t, p, `{"objectId":"ADA@example.com","idProperty":"email"}`)
		eraseContact(t, p, `{"objectId":"never@example.com","idProperty":"email"}`)
		for _, name := range []string{"ada", "countess", "never"} {
			got := want(t, p, status, "POST", contactsPath, `{"properties":{"email":"`+name+`@example.com"}}`)
			if status == 400 && !strings.Contains(got.Body, `"code":"GDPR_BLACKLISTED_EMAIL"`) {
				t.Errorf("%s: %s was refused with %s", ruling, name, got.Body)
			}
		}
		changed := map[string]int{"allow": 409, "refuse": 400}[ruling]
		want(t, p, changed, "PATCH", contactsPath+"/"+other, `{"properties":{"email":"ada@example.com"}}`)
		want(t, p, 200, "PATCH", contactsPath+"/"+other, `{"properties":{"email":"another@example.com"}}`)
	}
}
