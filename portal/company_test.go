package portal_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

const (
	primaryType = `[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":1}]`
	plainType   = `[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":279}]`
)

func companies(t *testing.T, p *portal.Portal) int64 {
	t.Helper()
	stats, err := p.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return stats.Objects["company"].Live
}

func TestNewContactsGetNoCompanyByThemselves(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	company := add(t, p, "companies", `{"domain":"navy.example"}`).ID
	grace := add(t, p, "contacts", `{"email":"grace@navy.example"}`).ID
	demandLinks(t, p, "contacts", grace, "companies")
	want(t, p, 201, "PUT", "/crm/v4/objects/contacts/"+grace+"/associations/companies/"+company, plainType)
	demandLinks(t, p, "contacts", grace, "companies", company+": 279")
}

func TestRulingAutoCompany(t *testing.T) {
	t.Parallel()
	p := ruledPortal(t, "auto-company", "on")
	navy := add(t, p, "companies", `{"domain":"Navy.example"}`).ID
	add(t, p, "companies", `{"domain":"navy.example"}`)
	grace := add(t, p, "contacts", `{"email":"grace@NAVY.example"}`).ID
	demandLinks(t, p, "contacts", grace, "companies", navy+": 1 279")

	// A company that there is not yet is created once.
	askBatch(t, p, 201, contactsPath+"/batch/create", `{"properties":{"email":"a@acme.example"}},{"properties":{"email":"b@acme.example"}}`)
	if n := companies(t, p); n != 3 {
		t.Fatalf("there are %d companies", n)
	}
	var found struct{ Results []object }
	want(t, p, 200, "POST", "/crm/v3/objects/companies/search", `{"filterGroups":[{"filters":[{"propertyName":"domain","operator":"EQ","value":"acme.example"}]}]}`).JSON(t, &found)
	acme := found.Results[0]
	if acme.text("name") != "acme.example" {
		t.Errorf("the new company is called %q", acme.text("name"))
	}
	upserted := askBatch(t, p, 200, contactsPath+"/batch/upsert", `{"id":"c@acme.example","idProperty":"email","properties":{}}`)
	demandLinks(t, p, "contacts", upserted.Results[0].ID, "companies", acme.ID+": 1 279")

	// Mailboxes of providers, contacts without an address, changed addresses.
	for _, properties := range []string{`{"email":"ada@gmail.com"}`, `{"firstname":"Nameless"}`} {
		demandLinks(t, p, "contacts", add(t, p, "contacts", properties).ID, "companies")
	}
	want(t, p, 200, "PATCH", contactsPath+"/"+grace, `{"properties":{"email":"grace@elsewhere.example"}}`)
	demandLinks(t, p, "contacts", grace, "companies", navy+": 1 279")
	if n := companies(t, p); n != 3 {
		t.Errorf("there are %d companies", n)
	}

	// An archived company is none.
	want(t, p, 204, "DELETE", "/crm/v3/objects/companies/"+acme.ID, "")
	add(t, p, "contacts", `{"email":"d@acme.example"}`)
	if n := companies(t, p); n != 3 {
		t.Errorf("there are %d companies", n)
	}
}

func TestTheFirstCompanyBecomesPrimaryWhereRuled(t *testing.T) {
	t.Parallel()
	p := ruledPortal(t, "auto-company", "on")
	first, second := add(t, p, "companies", `{"domain":"first.example"}`).ID, add(t, p, "companies", `{"domain":"second.example"}`).ID
	// What a create asks for comes before the company of the domain.
	var contact object
	want(t, p, 201, "POST", contactsPath, `{"properties":{"email":"a@second.example"},"associations":[{"to":{"id":"`+first+`"},"types":`+plainType+`}]}`).JSON(t, &contact)
	demandLinks(t, p, "contacts", contact.ID, "companies", first+": 1 279", second+": 279")
	want(t, p, 201, "PUT", "/crm/v4/objects/contacts/"+contact.ID+"/associations/companies/"+second, primaryType)
	demandLinks(t, p, "contacts", contact.ID, "companies", first+": 279", second+": 1 279")

	// From the company's side, and without any label.
	nameless := add(t, p, "contacts", `{"firstname":"N"}`).ID
	want(t, p, 200, "PUT", "/crm/v4/objects/companies/"+first+"/associations/default/contacts/"+nameless, "")
	want(t, p, 200, "PUT", "/crm/v4/objects/companies/"+second+"/associations/default/contacts/"+nameless, "")
	demandLinks(t, p, "contacts", nameless, "companies", first+": 1 279", second+": 279")
	demandLinks(t, p, "companies", first, "contacts", contact.ID+": 280", nameless+": 2 280")

	// The label can be taken from the only company, and stays away.
	want(t, p, 204, "DELETE", "/crm/v4/objects/contacts/"+nameless+"/associations/companies/"+second, "")
	want(t, p, 201, "PUT", "/crm/v4/objects/contacts/"+nameless+"/associations/companies/"+first, plainType)
	demandLinks(t, p, "contacts", nameless, "companies", first+": 279")
}

// stages reads the stages of records named type/id.
func stages(t *testing.T, p *portal.Portal, records ...[2]string) []string {
	t.Helper()
	var all []string
	for _, record := range records {
		all = append(all, readRecord(t, p, record[0], record[1], "?properties=lifecyclestage").text("lifecyclestage"))
	}
	return all
}

func TestRulingStageSync(t *testing.T) {
	t.Parallel()
	type step struct {
		objectType, stage string
		left              []string // of the company, its two contacts and a contact whose primary company is another
	}
	steps := []step{
		{"contact", "lead", []string{"lead", "lead", "lead", ""}},
		{"company", "opportunity", []string{"opportunity", "opportunity", "opportunity", ""}},
		{"contact", "subscriber", []string{"opportunity", "opportunity", "opportunity", ""}},
		{"contact", "", []string{"opportunity", "", "opportunity", ""}},
		{"contact", "lead", []string{"opportunity", "lead", "opportunity", ""}},
		{"contact", "customer", []string{"customer", "customer", "customer", ""}},
		{"colleague", "", []string{"customer", "customer", "", ""}},
		{"contact", "customer", []string{"customer", "customer", "", ""}}, // the company did not move
		{"colleague", "customer", []string{"customer", "customer", "customer", ""}},
		{"company", "", []string{"", "customer", "customer", ""}},
		{"company", "lead", []string{"lead", "customer", "customer", ""}},
	}
	apart := []step{
		{"contact", "lead", []string{"", "lead", "", ""}},
		{"company", "opportunity", []string{"opportunity", "lead", "", ""}},
	}
	for ruling, steps := range map[string][]step{"on": steps, "off": apart} {
		p := ruledPortal(t, "stage-sync", ruling)
		company, other := add(t, p, "companies", `{"domain":"navy.example"}`).ID, add(t, p, "companies", `{"domain":"other.example"}`).ID
		a, b, c := add(t, p, "contacts", `{"email":"a@x.example"}`).ID, add(t, p, "contacts", `{"email":"b@x.example"}`).ID, add(t, p, "contacts", `{"email":"c@x.example"}`).ID
		for _, id := range []string{a, b} {
			want(t, p, 201, "PUT", "/crm/v4/objects/contacts/"+id+"/associations/companies/"+company, primaryType)
		}
		want(t, p, 201, "PUT", "/crm/v4/objects/contacts/"+c+"/associations/companies/"+company, plainType)
		want(t, p, 201, "PUT", "/crm/v4/objects/contacts/"+c+"/associations/companies/"+other, primaryType)
		for i, s := range steps {
			path := contactsPath + "/" + a
			switch s.objectType {
			case "company":
				path = "/crm/v3/objects/companies/" + company
			case "colleague":
				path = contactsPath + "/" + b
			}
			want(t, p, 200, "PATCH", path, `{"properties":{"lifecyclestage":"`+s.stage+`"}}`)
			got := stages(t, p, [2]string{"companies", company}, [2]string{"contacts", a}, [2]string{"contacts", b}, [2]string{"contacts", c})
			if diff := cmp.Diff(s.left, got); diff != "" {
				t.Fatalf("%s, step %d (-want +got):\n%s", ruling, i, diff)
			}
			// Other writes, and companies that are not primary, move nothing.
			want(t, p, 200, "PATCH", contactsPath+"/"+a, fmt.Sprintf(`{"properties":{"firstname":"%d"}}`, i))
			want(t, p, 201, "PUT", "/crm/v4/objects/contacts/"+a+"/associations/companies/"+other, plainType)
			if got := stages(t, p, [2]string{"companies", company}, [2]string{"companies", other}); got[0] != s.left[0] || got[1] != "" {
				t.Fatalf("%s, after step %d the companies have the stages %q", ruling, i, got)
			}
		}
	}
}

func TestStagesMeetWhenACompanyBecomesPrimary(t *testing.T) {
	t.Parallel()
	p := ruledPortal(t, "stage-sync", "on")
	company := add(t, p, "companies", `{"domain":"navy.example","lifecyclestage":"opportunity"}`).ID
	behind := add(t, p, "contacts", `{"email":"behind@navy.example","lifecyclestage":"lead"}`)
	want(t, p, 201, "PUT", "/crm/v4/objects/contacts/"+behind.ID+"/associations/companies/"+company, plainType)
	if got := stages(t, p, [2]string{"contacts", behind.ID}); got[0] != "lead" {
		t.Errorf("a company that is not primary moved the contact to %s", got[0])
	}
	want(t, p, 201, "PUT", "/crm/v4/objects/companies/"+company+"/associations/contacts/"+behind.ID, `[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":2}]`)
	var fresh object
	want(t, p, 201, "POST", contactsPath, `{"properties":{"email":"fresh@navy.example","lifecyclestage":"lead"},"associations":[{"to":{"id":"`+company+`"},"types":`+primaryType+`}]}`).JSON(t, &fresh)
	if fresh.text("lifecyclestage") != "opportunity" {
		t.Errorf("the create answered with the stage %q", fresh.text("lifecyclestage"))
	}
	var ahead object
	want(t, p, 201, "POST", contactsPath, `{"properties":{"email":"ahead@navy.example","lifecyclestage":"customer"},"associations":[{"to":{"id":"`+company+`"},"types":`+primaryType+`}]}`).JSON(t, &ahead)
	got := stages(t, p, [2]string{"companies", company}, [2]string{"contacts", behind.ID}, [2]string{"contacts", fresh.ID}, [2]string{"contacts", ahead.ID})
	if diff := cmp.Diff([]string{"customer", "customer", "customer", "customer"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// What moved has it in its history, and a new time.
	var read struct {
		UpdatedAt             string
		PropertiesWithHistory map[string][]struct{ Value string }
	}
	want(t, p, 200, "GET", contactsPath+"/"+behind.ID+"?propertiesWithHistory=lifecyclestage", "").JSON(t, &read)
	var values []string
	for _, v := range read.PropertiesWithHistory["lifecyclestage"] {
		values = append(values, v.Value)
	}
	if diff := cmp.Diff([]string{"customer", "opportunity", "lead"}, values); diff != "" || read.UpdatedAt <= behind.UpdatedAt {
		t.Errorf("modified %s after %s, stages (-want +got):\n%s", read.UpdatedAt, behind.UpdatedAt, diff)
	}
}
