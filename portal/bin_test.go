package portal_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// What lies in the bin is read with archived=true, in every way that live records
// are, and in no other.
func TestTheBinIsReadOnRequestAlone(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	if err := p.Fill(t.Context(), uniqueNumbers); err != nil {
		t.Fatal(err)
	}
	binned := add(t, p, "contacts", `{"email":"gone@example.com","hs_additional_emails":"left@example.com","number":"1"}`).ID
	live := add(t, p, "contacts", `{"email":"here@example.com","number":"2"}`).ID
	want(t, p, 204, "DELETE", contactsPath+"/"+binned, "")
	for key, id := range map[string]string{
		binned: binned, "gone@example.com?idProperty=email": binned, "LEFT@example.com?idProperty=email": binned, "1?idProperty=number": binned,
		live: live, "here@example.com?idProperty=email": live, "2?idProperty=number": live,
	} {
		fromBin := key + "?archived=true"
		if strings.Contains(key, "?") {
			fromBin = key + "&archived=true"
		}
		statuses := [2]int{200, 404}
		if id == binned {
			statuses = [2]int{404, 200}
		}
		for i, path := range []string{key, fromBin} {
			got := want(t, p, statuses[i], "GET", contactsPath+"/"+path, "")
			if statuses[i] == 200 && !strings.Contains(got.Body, `"id":"`+id+`"`) {
				t.Errorf("%s answered %s", path, got.Body)
			}
		}
	}
	for query, id := range map[string]string{"": live, "?archived=false": live, "?archived=true": binned} {
		for property, keys := range map[string]string{
			"": `{"id":"` + binned + `"},{"id":"` + live + `"}`, "email": `{"id":"gone@example.com"},{"id":"here@example.com"}`, "number": `{"id":"1"},{"id":"2"}`,
		} {
			var read batch
			want(t, p, 207, "POST", contactsPath+"/batch/read"+query, `{"idProperty":"`+property+`","inputs":[`+keys+`]}`).JSON(t, &read)
			if len(read.Results) != 1 || read.Results[0].ID != id || read.Results[0].Archived != (id == binned) || len(read.Errors) != 1 {
				t.Errorf("reading %q by %q answered %+v", query, property, read)
			}
		}
		var listed struct{ Results []object }
		want(t, p, 200, "GET", contactsPath+query, "").JSON(t, &listed)
		if len(listed.Results) != 1 || listed.Results[0].ID != id {
			t.Errorf("listing %q answered %+v", query, listed.Results)
		}
	}
	for _, refused := range []struct{ method, path, body string }{
		{"PATCH", "/" + binned, `{"properties":{"firstname":"X"}}`},
		{"PATCH", "/gone@example.com?idProperty=email", `{"properties":{"firstname":"X"}}`},
		{"PUT", "/" + binned + "/associations/default/contacts/" + live, ""},
		{"PUT", "/" + live + "/associations/default/contacts/" + binned, ""},
	} {
		path := strings.Replace(contactsPath, "v3", "v4", 1)
		if refused.method == "PATCH" {
			path = contactsPath
		}
		want(t, p, 404, refused.method, path+refused.path, refused.body)
	}
}

func TestWhatTheBinHeldBeforeIsFree(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	if err := p.Fill(t.Context(), uniqueNumbers); err != nil {
		t.Fatal(err)
	}
	binned := add(t, p, "contacts", `{"email":"a@example.com","hs_additional_emails":"b@example.com","number":"1"}`).ID
	want(t, p, 204, "POST", contactsPath+"/batch/archive", `{"inputs":[{"id":"`+binned+`"}]}`)
	holder := add(t, p, "contacts", `{"email":"b@example.com"}`).ID
	if holder == binned {
		t.Errorf("the id %s was given twice", binned)
	}
	restore := func(says string) {
		t.Helper()
		_, err := p.Restore(t.Context(), crm.TypeContact, binned)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("restoring answered %v, want an error with %q", err, says)
		}
	}
	restore("Existing ID: " + holder)
	want(t, p, 200, "PATCH", contactsPath+"/"+holder, `{"properties":{"email":"c@example.com","number":"1"}}`)
	restore(holder + " already has that value")
	want(t, p, 200, "PATCH", contactsPath+"/"+holder, `{"properties":{"number":"2"}}`)
	if _, err := p.Restore(t.Context(), crm.TypeContact, "a@example.com"); err != nil {
		t.Fatal(err)
	}
	read := readRecord(t, p, "contacts", "1", "?idProperty=number&properties=email,hs_additional_emails")
	if diff := cmp.Diff(map[string]string{"email": "a@example.com", "hs_additional_emails": "b@example.com"}, properties(read)); diff != "" || read.ID != binned {
		t.Errorf("%s came back with (-want +got):\n%s", read.ID, diff)
	}
}
