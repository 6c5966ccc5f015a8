package portal_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// mergeInto merges two records and returns what they became.
func mergeInto(t *testing.T, p *portal.Portal, objectType, primary, other string) object {
	t.Helper()
	var merged object
	want(t, p, 200, "POST", "/crm/v3/objects/"+objectType+"/merge", `{"primaryObjectId":"`+primary+`","objectIdToMerge":"`+other+`"}`).JSON(t, &merged)
	return merged
}

func readRecord(t *testing.T, p *portal.Portal, objectType, id, query string) object {
	t.Helper()
	var o object
	want(t, p, 200, "GET", "/crm/v3/objects/"+objectType+"/"+id+query, "").JSON(t, &o)
	return o
}

func TestMergedContactHasTheValuesOfBoth(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	ada := add(t, p, "contacts", `{"email":"ada@example.com","firstname":"Ada","hs_additional_emails":"countess@example.com"}`)
	double := add(t, p, "contacts", `{"email":"al@example.com","firstname":"Augusta","lastname":"King","hs_additional_emails":"king@example.com"}`)
	merged := mergeInto(t, p, "contacts", ada.ID, double.ID)
	if merged.ID == ada.ID || merged.ID == double.ID || merged.text("hs_object_id") != merged.ID {
		t.Errorf("the merged contact has the id %s", merged.ID)
	}
	read := readRecord(t, p, "contacts", merged.ID, "?properties=email,firstname,lastname,hs_additional_emails,hs_merged_object_ids,hs_calculated_merged_vids")
	got := map[string]string{}
	for _, name := range []string{"email", "firstname", "lastname", "hs_additional_emails", "hs_merged_object_ids"} {
		got[name] = read.text(name)
	}
	if diff := cmp.Diff(map[string]string{
		"email": "ada@example.com", "firstname": "Ada", "lastname": "King",
		"hs_additional_emails": "countess@example.com;al@example.com;king@example.com",
		"hs_merged_object_ids": ada.ID + ";" + double.ID,
	}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if times := read.text("hs_calculated_merged_vids"); !strings.HasPrefix(times, ada.ID+":") || !strings.Contains(times, ";"+double.ID+":") {
		t.Errorf("merged vids are %q", times)
	}
	if read.CreatedAt != ada.CreatedAt {
		t.Errorf("created %s, the older of the two %s", read.CreatedAt, ada.CreatedAt)
	}
	if n := contacts(t, p); n != 1 {
		t.Errorf("there are %d contacts", n)
	}
	for _, address := range []string{"ada", "countess", "al", "king"} {
		if found := readRecord(t, p, "contacts", address+"@example.com", "?idProperty=email"); found.ID != merged.ID {
			t.Errorf("%s leads to %s", address, found.ID)
		}
		want(t, p, 409, "POST", contactsPath, `{"properties":{"email":"`+address+`@example.com"}}`)
	}
}

func TestAContactWithoutAnAddressTakesThatOfTheOther(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	nameless, ada := add(t, p, "contacts", `{"firstname":"Ada"}`), add(t, p, "contacts", `{"email":"ada@example.com"}`)
	merged := mergeInto(t, p, "contacts", nameless.ID, ada.ID)
	if merged.text("email") != "ada@example.com" || merged.text("hs_additional_emails") != "" {
		t.Errorf("the addresses are %q and %q", merged.text("email"), merged.text("hs_additional_emails"))
	}
}

// A former id leads to the merged record wherever an id names one, and never
// stands in an answer.
func TestFormerIDsLeadToTheMergedRecord(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	company := add(t, p, "companies", `{"domain":"navy.example"}`).ID
	a, b, c := add(t, p, "contacts", `{"email":"a@example.com"}`).ID, add(t, p, "contacts", `{"email":"b@example.com"}`).ID, add(t, p, "contacts", `{"email":"c@example.com"}`).ID
	ab := mergeInto(t, p, "contacts", a, b).ID
	id := mergeInto(t, p, "contacts", ab, c).ID
	for _, former := range []string{a, b, c, ab, id} {
		if read := readRecord(t, p, "contacts", former, ""); read.ID != id {
			t.Errorf("%s leads to %s, not to %s", former, read.ID, id)
		}
		var changed object
		want(t, p, 200, "PATCH", contactsPath+"/"+former, `{"properties":{"firstname":"by `+former+`"}}`).JSON(t, &changed)
		updated := askBatch(t, p, 200, contactsPath+"/batch/update", `{"id":"`+former+`","properties":{"lastname":"by `+former+`"}}`)
		if changed.ID != id || len(updated.Results) != 1 || updated.Results[0].ID != id {
			t.Errorf("updating %s answered %s and %+v", former, changed.ID, updated.Results)
		}
		want(t, p, 201, "PUT", "/crm/v4/objects/contacts/"+former+"/associations/companies/"+company, `[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":1}]`)
		demandLinks(t, p, "contacts", former, "companies", company+": 1 279")
		demandLinks(t, p, "companies", company, "contacts", id+": 2 280")
		want(t, p, 204, "DELETE", "/crm/v4/objects/contacts/"+former+"/associations/companies/"+company, "")
		demandLinks(t, p, "companies", company, "contacts")
	}
	read := askBatch(t, p, 200, contactsPath+"/batch/read", `{"id":"`+a+`"},{"id":"`+b+`"},{"id":"`+id+`"}`)
	if len(read.Results) != 1 || read.Results[0].ID != id {
		t.Errorf("reading three ids of one contact answered %+v", read.Results)
	}
	twice := want(t, p, 400, "POST", contactsPath+"/batch/update", `{"inputs":[{"id":"`+a+`","properties":{}},{"id":"`+id+`","properties":{}}]}`)
	if !strings.Contains(twice.Body, "Duplicate IDs") {
		t.Errorf("two ids of one contact in an update: %s", twice.Body)
	}
	for _, body := range []string{
		want(t, p, 200, "GET", contactsPath, "").Body,
		want(t, p, 200, "POST", contactsPath+"/search", `{}`).Body,
		want(t, p, 200, "GET", contactsPath+"?archived=true", "").Body,
	} {
		for _, former := range []string{a, b, c, ab} {
			if strings.Contains(body, `"id":"`+former+`"`) {
				t.Errorf("%s is listed: %s", former, body)
			}
		}
	}
	// In the bin, and back.
	want(t, p, 204, "DELETE", contactsPath+"/"+a, "")
	want(t, p, 404, "GET", contactsPath+"/"+id, "")
	if binned := readRecord(t, p, "contacts", b, "?archived=true"); binned.ID != id {
		t.Errorf("in the bin %s leads to %s", b, binned.ID)
	}
	if restored, err := p.Restore(t.Context(), "contact", c); err != nil || string(restored) != id {
		t.Errorf("restoring %s answered %s, %v", c, restored, err)
	}
}

func TestMergedRecordHasTheAssociationsOfBoth(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	var ids []string
	for i := range 3 {
		ids = append(ids, add(t, p, "companies", fmt.Sprintf(`{"domain":"c%d.example"}`, i)).ID)
	}
	a, b := add(t, p, "contacts", `{"email":"a@example.com"}`).ID, add(t, p, "contacts", `{"email":"b@example.com"}`).ID
	friend := add(t, p, "contacts", `{"email":"friend@example.com"}`).ID
	associate := func(from, toType, to string, types ...int) {
		t.Helper()
		var specs []string
		for _, id := range types {
			specs = append(specs, fmt.Sprintf(`{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":%d}`, id))
		}
		want(t, p, 201, "PUT", "/crm/v4/objects/contacts/"+from+"/associations/"+toType+"/"+to, `[`+strings.Join(specs, ",")+`]`)
	}
	associate(a, "companies", ids[0], 1)
	associate(a, "companies", ids[1], 279)
	associate(b, "companies", ids[1], 931)
	associate(b, "companies", ids[2], 1)
	associate(b, "contacts", friend, 449)
	associate(b, "contacts", a, 449)
	id := mergeInto(t, p, "contacts", a, b).ID
	demandLinks(t, p, "contacts", id, "companies", ids[0]+": 1 279", ids[1]+": 279 931", ids[2]+": 279")
	demandLinks(t, p, "contacts", id, "contacts", friend+": 449")
	demandLinks(t, p, "contacts", friend, "contacts", id+": 449")

	// Two companies become one: the contact's primary one is still that.
	company := mergeInto(t, p, "companies", ids[1], ids[0])
	demandLinks(t, p, "contacts", id, "companies", ids[2]+": 279", company.ID+": 1 279 931")
	if company.text("domain") != "c1.example" || company.text("hs_merged_object_ids") != ids[1]+";"+ids[0] {
		t.Errorf("the merged company is %+v", company)
	}
	if more := readRecord(t, p, "companies", ids[0], "?properties=hs_additional_domains"); more.ID != company.ID || more.text("hs_additional_domains") != "c0.example" {
		t.Errorf("%s has the domains %q", more.ID, more.text("hs_additional_domains"))
	}
	stats, err := p.Stats(t.Context())
	if err != nil || stats.Associations != 3 || stats.Objects["company"].Live != 2 || stats.Objects["contact"].Live != 2 {
		t.Errorf("the portal holds %+v, %v", stats, err)
	}
}

func TestMergedHistoryIsThatOfBoth(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	a := add(t, p, "contacts", `{"email":"a@example.com","jobtitle":"one"}`).ID
	b := add(t, p, "contacts", `{"email":"b@example.com","city":"Rome"}`).ID
	for _, step := range []struct{ id, properties string }{
		{a, `{"firstname":"A1"}`}, {b, `{"firstname":"B1"}`}, {b, `{"city":"Pisa"}`}, {a, `{"firstname":""}`}, {b, `{"jobtitle":"two"}`}, {a, `{"firstname":"A2"}`},
	} {
		want(t, p, 200, "PATCH", contactsPath+"/"+step.id, `{"properties":`+step.properties+`}`)
	}
	id := mergeInto(t, p, "contacts", a, b).ID
	var read struct {
		PropertiesWithHistory map[string][]struct{ Value, Timestamp string }
	}
	want(t, p, 200, "GET", contactsPath+"/"+b+"?propertiesWithHistory=firstname,city,jobtitle,zip", "").JSON(t, &read)
	got := map[string][]string{}
	for name, versions := range read.PropertiesWithHistory {
		got[name] = []string{}
		for i, v := range versions {
			got[name] = append(got[name], v.Value)
			if i > 0 && v.Timestamp >= versions[i-1].Timestamp {
				t.Errorf("%s: %s is not before %s", name, v.Timestamp, versions[i-1].Timestamp)
			}
		}
	}
	expected := map[string][]string{
		"city": {"Pisa", "Rome"}, "jobtitle": {"one", "two", "one"}, "zip": {},
	}
	// The contacts were changed within a few milliseconds, in which their order is
	// not told.
	for name, values := range expected {
		if diff := cmp.Diff(values, got[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if names := got["firstname"]; names[0] != "A2" || !slices.Contains(names, "A1") || !slices.Contains(names, "B1") {
		t.Errorf("firstname was %q", names)
	}
	want(t, p, 200, "PATCH", contactsPath+"/"+id, `{"properties":{"firstname":"A3"}}`)
}

func TestMergesThatAreRefused(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	a, b := add(t, p, "contacts", `{"email":"a@example.com"}`).ID, add(t, p, "contacts", `{"email":"b@example.com"}`).ID
	gone := add(t, p, "contacts", `{"email":"gone@example.com"}`).ID
	want(t, p, 204, "DELETE", contactsPath+"/"+gone, "")
	note := add(t, p, "notes", `{"hs_timestamp":"2024-01-01T00:00:00Z"}`).ID
	id := mergeInto(t, p, "contacts", a, b).ID
	for name, test := range map[string]struct {
		status                     int
		objectType, primary, other string
	}{
		"with itself":               {400, "contacts", id, id},
		"an unknown one":            {404, "contacts", id, "12"},
		"into an unknown one":       {404, "contacts", "12", id},
		"an archived one":           {404, "contacts", id, gone},
		"what was merged already":   {400, "contacts", id, b},
		"into a former id":          {400, "contacts", a, id},
		"what is no id":             {400, "contacts", id, "b@example.com"},
		"nothing":                   {400, "contacts", id, ""},
		"a record of another type":  {404, "companies", id, id},
		"activities":                {400, "notes", note, note},
		"what the portal lacks":     {400, "unicorns", id, id},
		"itself by its former name": {400, "contacts", a, b},
	} {
		got := ask(t, p, "POST", "/crm/objects/2026-09/"+test.objectType+"/merge", `{"primaryObjectId":"`+test.primary+`","objectIdToMerge":"`+test.other+`"}`)
		if got.Status != test.status {
			t.Errorf("%s: answered %d, not %d: %s", name, got.Status, test.status, got.Body)
		}
	}
	if read := readRecord(t, p, "contacts", b, ""); read.ID != id {
		t.Errorf("%s leads to %s", b, read.ID)
	}
}

func TestTheMergedRecordKeepsThePrimaryIDWhereRuled(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{Rulings: portal.Rulings{"merge-id": "primary"}})
	a, b := add(t, p, "contacts", `{"email":"a@example.com"}`).ID, add(t, p, "contacts", `{"email":"b@example.com"}`).ID
	c := add(t, p, "contacts", `{"email":"c@example.com"}`).ID
	company := add(t, p, "companies", `{"domain":"navy.example"}`).ID
	for _, id := range []string{a, b} {
		want(t, p, 200, "PUT", "/crm/v4/objects/contacts/"+id+"/associations/default/companies/"+company, "")
	}
	mergeInto(t, p, "contacts", b, c)
	merged := mergeInto(t, p, "contacts", a, b)
	if merged.ID != a || merged.text("hs_merged_object_ids") != c+";"+b {
		t.Errorf("merged into %s, of %s", merged.ID, merged.text("hs_merged_object_ids"))
	}
	demandLinks(t, p, "companies", company, "contacts", a+": 280")
	for _, former := range []string{b, c} {
		if read := readRecord(t, p, "contacts", former, ""); read.ID != a {
			t.Errorf("%s leads to %s", former, read.ID)
		}
	}
}

func TestAProfileHas250IdentitiesAtMost(t *testing.T) {
	if testing.Short() {
		t.Skip("hundreds of merges")
	}
	t.Parallel()
	p := portaltest.New(t, portal.Config{Rulings: portal.Rulings{"merge-id": "primary"}})
	var more []string
	for i := range 248 {
		more = append(more, fmt.Sprintf("a%d@example.com", i))
	}
	many := add(t, p, "contacts", `{"email":"a@example.com","hs_additional_emails":"`+strings.Join(more, ";")+`"}`).ID
	one, two := add(t, p, "contacts", `{"email":"one@example.com"}`).ID, add(t, p, "contacts", `{"email":"two@example.com"}`).ID
	mergeInto(t, p, "contacts", many, one)
	refused := want(t, p, 414, "POST", contactsPath+"/merge", `{"primaryObjectId":"`+many+`","objectIdToMerge":"`+two+`"}`)
	if !strings.Contains(refused.Body, `"message":"Cannot have more than 250 identities on a profile"`) {
		t.Errorf("answered %s", refused.Body)
	}
	if read := readRecord(t, p, "contacts", two, ""); read.ID != two {
		t.Errorf("a refused merge took %s", two)
	}

	// Records without addresses are counted themselves.
	first := add(t, p, "deals", `{"dealname":"0"}`).ID
	for i := 1; i < 250; i++ {
		mergeInto(t, p, "deals", first, add(t, p, "deals", fmt.Sprintf(`{"dealname":"%d"}`, i)).ID)
	}
	want(t, p, 414, "POST", "/crm/v3/objects/deals/merge", `{"primaryObjectId":"`+first+`","objectIdToMerge":"`+add(t, p, "deals", `{"dealname":"250"}`).ID+`"}`)
}

// uniqueNumbers defines a property whose values are unique.
var uniqueNumbers = &crm.Fixture{Properties: []crm.Property{{Name: "number", Type: "string", Unique: true}}}

// A merged contact is as old as the older of the two, whichever that is. Its former
// ids stay its own until it is erased.
func TestAgeAndFormerIDsOfAMergedContact(t *testing.T) {
	t.Parallel()
	for _, order := range [][2]string{{"151", "152"}, {"152", "151"}} {
		p := portaltest.New(t, portal.Config{})
		filled := func(id, created string) error {
			return p.Fill(t.Context(), &crm.Fixture{Records: []crm.FixtureRecord{
				{Type: crm.TypeContact, ID: crm.ObjectID(id), Properties: texts("firstname", "A", "createdate", created)},
			}})
		}
		for id, created := range map[string]string{"151": "2019-03-01T00:00:00Z", "152": "2021-03-01T00:00:00Z"} {
			if err := filled(id, created); err != nil {
				t.Fatal(err)
			}
		}
		merged := mergeInto(t, p, "contacts", order[0], order[1])
		if merged.CreatedAt != "2019-03-01T00:00:00.000Z" {
			t.Errorf("%v: created %s", order, merged.CreatedAt)
		}
		if err := filled("151", "2024-01-01"); err == nil || !strings.Contains(err.Error(), "there is another contact with the id 151") {
			t.Errorf("filling in a contact with a former id answered %v", err)
		}
		eraseContact(t, p, `{"objectId":"151"}`)
		if err := filled("151", "2024-01-01"); err != nil {
			t.Errorf("the id of an erased contact is not free: %v", err)
		}
	}
}

func TestUniqueValuesMoveWithAMerge(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	if err := p.Fill(t.Context(), uniqueNumbers); err != nil {
		t.Fatal(err)
	}
	a, b := add(t, p, "contacts", `{"email":"a@example.com","number":"1"}`).ID, add(t, p, "contacts", `{"email":"b@example.com","number":"2"}`).ID
	c := add(t, p, "contacts", `{"email":"c@example.com"}`).ID
	id := mergeInto(t, p, "contacts", a, b).ID
	add(t, p, "contacts", `{"email":"d@example.com","number":"2"}`) // the value that gave way is free
	id = mergeInto(t, p, "contacts", c, id).ID
	if read := readRecord(t, p, "contacts", "1", "?idProperty=number"); read.ID != id {
		t.Errorf("the number 1 leads to %s, not to %s", read.ID, id)
	}
}
