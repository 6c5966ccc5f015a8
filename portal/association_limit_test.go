package portal_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

func TestARecordHasOnlySoManyAssociations(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{MaxAssociations: 3, Rulings: portal.Rulings{"auto-company": "on"}})
	company := add(t, p, "companies", `{"domain":"navy.example"}`).ID
	var ids []string
	for i := range 6 {
		ids = append(ids, add(t, p, "contacts", fmt.Sprintf(`{"firstname":"%d"}`, i)).ID)
	}
	associate := func(status int, id string) {
		t.Helper()
		want(t, p, status, "PUT", "/crm/v4/objects/contacts/"+id+"/associations/companies/"+company, primaryType)
	}
	pairs := func(ids ...string) string {
		var inputs []string
		for _, id := range ids {
			inputs = append(inputs, `{"from":{"id":"`+id+`"},"to":{"id":"`+company+`"},"types":`+plainType+`}`)
		}
		return `{"inputs":[` + strings.Join(inputs, ",") + `]}`
	}
	// Naming one contact three times does not fill the company.
	want(t, p, 201, "POST", "/crm/v4/associations/contacts/companies/batch/create", pairs(ids[0], ids[0], ids[0], ids[1]))
	var some batch
	want(t, p, 207, "POST", "/crm/v4/associations/contacts/companies/batch/create", pairs(ids[2], ids[3], ids[0])).JSON(t, &some)
	if len(some.Results) != 2 || some.NumErrors != 1 || strings.Join(some.Errors[0].Context["fromObjectId"], "") != ids[3] {
		t.Errorf("a batch that filled the company answered %+v", some)
	}
	associate(400, ids[4])
	associate(201, ids[1]) // it is associated already
	// From the other side, with a create, and by itself: nothing is left of what is refused.
	want(t, p, 400, "PUT", "/crm/v4/objects/companies/"+company+"/associations/default/contacts/"+ids[4], "")
	refused := want(t, p, 400, "POST", contactsPath, `{"properties":{"firstname":"X"},"associations":[{"to":{"id":"`+company+`"},"types":`+plainType+`}]}`)
	if !strings.Contains(refused.Body, "more than 3 records of type contact") {
		t.Errorf("refused with %s", refused.Body)
	}
	if n := contacts(t, p); n != 6 {
		t.Errorf("there are %d contacts", n)
	}
	demandLinks(t, p, "contacts", add(t, p, "contacts", `{"email":"x@navy.example"}`).ID, "companies")

	want(t, p, 204, "DELETE", "/crm/v4/objects/contacts/"+ids[0]+"/associations/companies/"+company, "")
	associate(201, ids[4])
	associate(400, ids[5])
}
