package portal_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// label creates a label and returns its type ids.
func label(t *testing.T, p *portal.Portal, path, body string) []int {
	t.Helper()
	var page hubspot.Page[hubspot.Label]
	want(t, p, 200, "POST", path, body).JSON(t, &page)
	var ids []int
	for _, result := range page.Results {
		ids = append(ids, result.TypeID)
	}
	return ids
}

func TestALabelLeavesEveryPairThatBearsIt(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"/crm/v4/associations/", "/crm/associations/v4/", "/crm/associations/2026-03/"} {
		t.Run(base, func(t *testing.T) {
			t.Parallel()
			p := portaltest.New(t, portal.Config{})
			first := label(t, p, base+"contacts/companies/labels", `{"name":"decides","label":"Decides","inverseLabel":"Decided by"}`)
			second := label(t, p, base+"contacts/companies/labels", `{"name":"pays","label":"Pays"}`)
			company := add(t, p, "companies", `{"name":"C"}`).ID
			var contacts []string
			for i := range 3 {
				contact := add(t, p, "contacts", fmt.Sprintf(`{"email":"c%d@example.com"}`, i)).ID
				contacts = append(contacts, contact)
				want(t, p, 201, "PUT", "/crm/v4/objects/contacts/"+contact+"/associations/companies/"+company, fmt.Sprintf(
					`[{"associationCategory":"USER_DEFINED","associationTypeId":%d},{"associationCategory":"USER_DEFINED","associationTypeId":%d}]`, first[0], second[0]))
			}
			want(t, p, 204, "DELETE", fmt.Sprintf("%scompanies/contacts/labels/%d", base, first[1]), "")
			for _, contact := range contacts {
				demandLinks(t, p, "contacts", contact, "companies", fmt.Sprintf("%s: 279 %d", company, second[0]))
			}
			want(t, p, 400, "DELETE", fmt.Sprintf("%scontacts/companies/labels/%d", base, first[0]), "")
			want(t, p, 400, "PUT", "/crm/v4/objects/contacts/"+contacts[0]+"/associations/companies/"+company, fmt.Sprintf(
				`[{"associationCategory":"USER_DEFINED","associationTypeId":%d}]`, first[0]))
			third := label(t, p, base+"contacts/companies/labels", `{"name":"decides","label":"Decides"}`)
			if third[0] <= second[1] {
				t.Errorf("the id %d was given twice", third[0])
			}
		})
	}
}

func TestALabelForOneObjectTypeHasOneTypeOrTwo(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	a, b := add(t, p, "contacts", `{"email":"a@example.com"}`).ID, add(t, p, "contacts", `{"email":"b@example.com"}`).ID
	same := label(t, p, "/crm/v4/associations/contacts/contacts/labels", `{"name":"colleague","label":"Colleague"}`)
	pair := label(t, p, "/crm/v4/associations/contacts/contacts/labels", `{"name":"manages","label":"Manager","inverseLabel":"Report"}`)
	if len(same) != 1 || len(pair) != 2 {
		t.Fatalf("the labels have the types %v and %v", same, pair)
	}
	want(t, p, 201, "PUT", "/crm/v4/objects/contacts/"+a+"/associations/contacts/"+b, fmt.Sprintf(
		`[{"associationCategory":"USER_DEFINED","associationTypeId":%d},{"associationCategory":"USER_DEFINED","associationTypeId":%d}]`, same[0], pair[0]))
	demandLinks(t, p, "contacts", a, "contacts", fmt.Sprintf("%s: 449 %d %d", b, same[0], pair[0]))
	demandLinks(t, p, "contacts", b, "contacts", fmt.Sprintf("%s: 449 %d %d", a, same[0], pair[1]))
	want(t, p, 204, "DELETE", fmt.Sprintf("/crm/v4/associations/contacts/contacts/labels/%d", pair[0]), "")
	demandLinks(t, p, "contacts", b, "contacts", fmt.Sprintf("%s: 449 %d", a, same[0]))
}

func TestAPairOfObjectsHasALimitOfLabels(t *testing.T) {
	t.Parallel()
	for limit, status := range map[int]int{10: 400, 50: 437} {
		t.Run(fmt.Sprint(limit), func(t *testing.T) {
			t.Parallel()
			p := portaltest.New(t, portal.Config{Rulings: portal.Rulings{"label-limit": fmt.Sprint(limit)}})
			for i := range limit {
				label(t, p, "/crm/v4/associations/contacts/deals/labels", fmt.Sprintf(`{"name":"l%d","label":"L%d"}`, i, i))
			}
			want(t, p, status, "POST", "/crm/v4/associations/contacts/deals/labels", `{"name":"more","label":"More"}`)
			label(t, p, "/crm/v4/associations/contacts/tickets/labels", `{"name":"more","label":"More"}`)
		})
	}
}

func TestTheStatusOfAssociationBatches(t *testing.T) {
	t.Parallel()
	tests := map[string][]int{ // of a create and an archive, by v4 and by 2026-09
		"version": {201, 204, 200, 204},
		"200":     {200, 200, 200, 200},
		"201":     {201, 204, 201, 204},
	}
	for ruled, expected := range tests {
		t.Run(ruled, func(t *testing.T) {
			t.Parallel()
			p := portaltest.New(t, portal.Config{Rulings: portal.Rulings{"association-status": ruled}})
			contact, company := add(t, p, "contacts", `{"email":"a@example.com"}`).ID, add(t, p, "companies", `{"name":"C"}`).ID
			var got []int
			for _, base := range []string{"/crm/v4/associations/contacts/companies/batch/", "/crm/associations/2026-09/contacts/companies/batch/"} {
				got = append(got,
					ask(t, p, "POST", base+"create", `{"inputs":[{"from":{"id":"`+contact+`"},"to":{"id":"`+company+`"},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":279}]}]}`).Status,
					ask(t, p, "POST", base+"archive", `{"inputs":[{"from":{"id":"`+contact+`"},"to":[{"id":"`+company+`"}]}]}`).Status)
			}
			if diff := cmp.Diff(expected, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
