package portal_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// links are a record's associations with one object type: for each record its
// type ids, as "ID: 1 279".
func links(t *testing.T, p *portal.Portal, from, id, to string) []string {
	t.Helper()
	var page struct {
		Results []struct {
			ToObjectID       int64 `json:"toObjectId"`
			AssociationTypes []struct {
				TypeID int `json:"typeId"`
			} `json:"associationTypes"`
		} `json:"results"`
	}
	want(t, p, 200, "GET", "/crm/v4/objects/"+from+"/"+id+"/associations/"+to, "").JSON(t, &page)
	var all []string
	for _, result := range page.Results {
		line := fmt.Sprintf("%d:", result.ToObjectID)
		for _, kind := range result.AssociationTypes {
			line += fmt.Sprintf(" %d", kind.TypeID)
		}
		all = append(all, line)
	}
	return all
}

func demandLinks(t *testing.T, p *portal.Portal, from, id, to string, lines ...string) {
	t.Helper()
	if diff := cmp.Diff(lines, links(t, p, from, id, to)); diff != "" {
		t.Errorf("%s %s → %s (-want +got):\n%s", from, id, to, diff)
	}
}

func TestAssociationsHaveTwoDirectionsAndAnUnlabeledType(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	company := add(t, p, "companies", `{"name":"Navy","domain":"navy.example"}`).ID
	var grace object
	want(t, p, 201, "POST", "/crm/v3/objects/contacts", `{"properties":{"email":"grace@navy.example"},"associations":[`+
		`{"to":{"id":`+company+`},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":1}]}]}`).JSON(t, &grace)
	demandLinks(t, p, "contacts", grace.ID, "companies", company+": 1 279")
	demandLinks(t, p, "companies", company, "contacts", grace.ID+": 2 280")

	// In the v3 shape the company stands there twice, once for each type.
	var read struct {
		Associations map[string]struct {
			Results []struct{ ID, Type string }
		}
	}
	want(t, p, 200, "GET", "/crm/v3/objects/contacts/"+grace.ID+"?associations=companies,deals", "").JSON(t, &read)
	var rows []string
	for _, row := range read.Associations["companies"].Results {
		rows = append(rows, row.ID+" "+row.Type)
	}
	if diff := cmp.Diff([]string{company + " contact_to_company", company + " contact_to_company_unlabeled"}, rows); diff != "" {
		t.Errorf("v3 rows (-want +got):\n%s", diff)
	}

	// Writing labels replaces them; removing one keeps the association; removing
	// the unlabeled type removes all.
	path := "/crm/v4/objects/contacts/" + grace.ID + "/associations/companies/" + company
	want(t, p, 201, "PUT", path, `[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":931}]`)
	demandLinks(t, p, "contacts", grace.ID, "companies", company+": 279 931")
	demandLinks(t, p, "companies", company, "contacts", grace.ID+": 280 930")
	want(t, p, 200, "PUT", "/crm/v4/objects/contacts/"+grace.ID+"/associations/default/companies/"+company, "")
	demandLinks(t, p, "contacts", grace.ID, "companies", company+": 279 931")
	single := "/crm/v3/objects/contacts/" + grace.ID + "/associations/companies/" + company + "/"
	want(t, p, 200, "PUT", single+"contact_to_company", "")
	demandLinks(t, p, "contacts", grace.ID, "companies", company+": 1 279 931")
	want(t, p, 204, "DELETE", single+"931", "")
	demandLinks(t, p, "contacts", grace.ID, "companies", company+": 1 279")
	want(t, p, 204, "DELETE", single+"279", "")
	demandLinks(t, p, "contacts", grace.ID, "companies")
	demandLinks(t, p, "companies", company, "contacts")
	want(t, p, 400, "PUT", single+"449", "")
	want(t, p, 404, "PUT", "/crm/v3/objects/contacts/"+grace.ID+"/associations/companies/5/279", "")
}

func TestOnlyOneCompanyIsPrimary(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	contact := add(t, p, "contacts", `{"email":"a@example.com"}`).ID
	other := add(t, p, "contacts", `{"email":"b@example.com"}`).ID
	first, second := add(t, p, "companies", `{"name":"1"}`).ID, add(t, p, "companies", `{"name":"2"}`).ID
	primary := func(contact, company string) string {
		return `{"from":{"id":"` + contact + `"},"to":{"id":"` + company + `"},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":1}]}`
	}
	askBatch(t, p, 201, "/crm/v4/associations/contacts/companies/batch/create", primary(contact, first)+","+primary(other, first))
	askBatch(t, p, 200, "/crm/associations/2026-09/contacts/companies/batch/create", primary(contact, second))
	demandLinks(t, p, "contacts", contact, "companies", first+": 279", second+": 1 279")
	demandLinks(t, p, "companies", first, "contacts", contact+": 280", other+": 2 280")
	// The other direction says the same thing.
	want(t, p, 201, "PUT", "/crm/v4/objects/companies/"+first+"/associations/contacts/"+contact, `[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":2}]`)
	demandLinks(t, p, "contacts", contact, "companies", first+": 1 279", second+": 279")
}

func TestAssociationBatches(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	a, b := add(t, p, "contacts", `{"email":"a@example.com"}`).ID, add(t, p, "contacts", `{"email":"b@example.com"}`).ID
	company := add(t, p, "companies", `{"name":"C"}`).ID
	pair := func(from, to string) string { return `{"from":{"id":"` + from + `"},"to":{"id":"` + to + `"}}` }
	base := "/crm/v4/associations/contacts/companies/batch/"

	got := askBatch(t, p, 207, base+"associate/default", pair(a, company)+","+pair(b, "5"))
	if got.NumErrors != 1 || !cmp.Equal(got.Errors[0].Context, map[string][]string{"fromObjectId": {b}, "toObjectId": {"5"}}) {
		t.Errorf("answered %+v", got)
	}
	var read struct {
		Results []struct {
			From struct{ ID string }
			To   []struct {
				ToObjectID int64
			}
		}
		Errors []struct{ SubCategory string }
	}
	want(t, p, 207, "POST", base+"read", `{"inputs":[{"id":"`+a+`"},{"id":"`+b+`"}]}`).JSON(t, &read)
	if len(read.Results) != 1 || read.Results[0].From.ID != a || fmt.Sprint(read.Results[0].To[0].ToObjectID) != company {
		t.Errorf("read %+v", read)
	}
	if len(read.Errors) != 1 || read.Errors[0].SubCategory != "crm.associations.NO_ASSOCIATIONS_FOUND" {
		t.Errorf("errors %+v", read.Errors)
	}
	billing := `{"from":{"id":"` + a + `"},"to":{"id":"` + company + `"},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":931}]}`
	askBatch(t, p, 201, base+"create", billing)
	want(t, p, 204, "POST", base+"labels/archive", `{"inputs":[`+billing+`]}`)
	demandLinks(t, p, "contacts", a, "companies", company+": 279")
	want(t, p, 204, "POST", base+"archive", `{"inputs":[{"from":{"id":"`+a+`"},"to":[{"id":"`+company+`"},{"id":"9"}]}]}`)
	demandLinks(t, p, "companies", company, "contacts")
	want(t, p, 400, "POST", base+"create", `{"inputs":[`+strings.TrimSuffix(strings.Repeat(pair(a, company)+",", 2001), ",")+`]}`)
}

// Whatever is associated with an archived record is not to be seen, and a record
// that is read again is as it was.
func TestArchivedRecordsDisappearFromAssociations(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	a, b := add(t, p, "contacts", `{"email":"a@example.com"}`).ID, add(t, p, "contacts", `{"email":"b@example.com"}`).ID
	want(t, p, 200, "PUT", "/crm/v4/objects/contact/"+a+"/associations/default/contact/"+b, "")
	demandLinks(t, p, "contacts", b, "contacts", a+": 449")
	want(t, p, 204, "DELETE", "/crm/v3/objects/contacts/"+a, "")
	demandLinks(t, p, "contacts", b, "contacts")
}

// Of many records at once: an id leads to a live record, by itself or as one that was
// merged, or it is told to have no associations.
func TestBatchReadOfAssociationsFollowsIDs(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	company, deal := add(t, p, "companies", `{"name":"C"}`).ID, add(t, p, "deals", `{"dealname":"D"}`).ID
	employed := func(name string) string {
		id := add(t, p, "contacts", `{"email":"`+name+`@example.com"}`).ID
		want(t, p, 200, "PUT", "/crm/v4/objects/contacts/"+id+"/associations/default/companies/"+company, "")
		return id
	}
	alone, a, b, archived := employed("alone"), employed("a"), employed("b"), employed("archived")
	elsewhere := add(t, p, "contacts", `{"email":"elsewhere@example.com"}`).ID
	want(t, p, 200, "PUT", "/crm/v4/objects/contacts/"+elsewhere+"/associations/default/deals/"+deal, "")
	want(t, p, 204, "DELETE", "/crm/v3/objects/contacts/"+archived, "")
	merged := mergeInto(t, p, "contacts", a, b).ID

	linked := []string{b, alone, a, merged, alone}
	bare := []string{archived, elsewhere, "5", "x", "-1"}
	var read struct {
		Results []struct{ From struct{ ID string } }
		Errors  []struct{ Context map[string][]string }
	}
	asked := strings.Join(slices.Concat(linked, bare), `"},{"id":"`)
	want(t, p, 207, "POST", "/crm/v4/associations/contacts/companies/batch/read", `{"inputs":[{"id":"`+asked+`"}]}`).JSON(t, &read)
	var got [2][]string
	for _, row := range read.Results {
		got[0] = append(got[0], row.From.ID)
	}
	for _, row := range read.Errors {
		got[1] = append(got[1], row.Context["fromObjectId"]...)
	}
	wanted := [2][]string{linked, bare}
	for i := range wanted { // answers keep no order
		slices.Sort(wanted[i])
		slices.Sort(got[i])
	}
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Errorf("records with associations, and without (-want +got):\n%s", diff)
	}
}

func TestAssociationsArePaged(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	company := add(t, p, "companies", `{"name":"C"}`).ID
	var expected []string
	for i := range 6 {
		var inputs []string
		for j := range 100 {
			inputs = append(inputs, fmt.Sprintf(`{"properties":{"email":"c%d-%d@example.com"},"associations":[{"to":{"id":"%s"},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":279}]}]}`, i, j, company))
		}
		for _, o := range askBatch(t, p, 201, "/crm/v3/objects/contacts/batch/create", strings.Join(inputs, ",")).Results {
			expected = append(expected, o.ID)
		}
	}
	slices.Sort(expected)
	var seen []string
	for after := ""; ; {
		var page struct {
			Results []struct{ ToObjectID int64 }
			Paging  *struct{ Next struct{ After string } }
		}
		want(t, p, 200, "GET", "/crm/v4/objects/companies/"+company+"/associations/contacts?after="+after, "").JSON(t, &page)
		if len(page.Results) > 500 {
			t.Fatalf("a page has %d associations", len(page.Results))
		}
		for _, result := range page.Results {
			seen = append(seen, fmt.Sprint(result.ToObjectID))
		}
		if page.Paging == nil {
			break
		}
		after = page.Paging.Next.After
	}
	if diff := cmp.Diff(expected, seen); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	batchRead := func(after string) (ids []string, next string) {
		var read struct {
			Results []struct {
				To     []struct{ ToObjectID int64 }
				Paging *struct{ Next struct{ After string } }
			}
		}
		want(t, p, 200, "POST", "/crm/v4/associations/companies/contacts/batch/read", `{"inputs":[{"id":"`+company+`","after":"`+after+`"}]}`).JSON(t, &read)
		for _, result := range read.Results[0].To {
			ids = append(ids, fmt.Sprint(result.ToObjectID))
		}
		if paging := read.Results[0].Paging; paging != nil {
			next = paging.Next.After
		}
		return ids, next
	}
	head, next := batchRead("")
	tail, end := batchRead(next)
	if diff := cmp.Diff([][]string{expected[:500], expected[500:]}, [][]string{head, tail}); diff != "" || end != "" {
		t.Errorf("read by a batch, then %q (-want +got):\n%s", end, diff)
	}
	var read struct {
		Associations map[string]struct {
			Results []struct{ ID string }
			Paging  *struct{ Next struct{ After string } }
		}
	}
	want(t, p, 200, "GET", "/crm/v3/objects/companies/"+company+"?associations=contacts", "").JSON(t, &read)
	if inside := read.Associations["contacts"]; len(inside.Results) != 500 || inside.Paging == nil || inside.Paging.Next.After != expected[500] {
		t.Errorf("a single read lists %d, next %+v", len(inside.Results), inside.Paging)
	}
}
