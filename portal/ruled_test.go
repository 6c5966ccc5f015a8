package portal_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// ruledPortal opens a portal with one ruling.
func ruledPortal(t *testing.T, name, value string) *portal.Portal {
	t.Helper()
	return portaltest.New(t, portal.Config{Rulings: portal.Rulings{name: value}})
}

// properties are the values of a read, "null" where one is.
func properties(o object) map[string]string {
	all := map[string]string{}
	for name, text := range o.Properties {
		switch {
		case strings.HasSuffix(name, "date"), name == "hs_object_id":
		case text == nil:
			all[name] = "null"
		default:
			all[name] = *text
		}
	}
	return all
}

func TestRulingEmptyProperties(t *testing.T) {
	t.Parallel()
	for ruling, expected := range map[string]map[string]string{
		"null": {"email": "a@example.com", "firstname": "null"},
		"omit": {"email": "a@example.com"},
	} {
		p := ruledPortal(t, "empty-properties", ruling)
		if err := p.Fill(t.Context(), uniqueNumbers); err != nil { // new definitions change no ruling
			t.Fatal(err)
		}
		id := add(t, p, "contacts", `{"email":"a@example.com"}`).ID
		var listed, searched struct{ Results []object }
		want(t, p, 200, "GET", contactsPath+"?properties=email,firstname", "").JSON(t, &listed)
		want(t, p, 200, "POST", contactsPath+"/search", `{"properties":["email","firstname"]}`).JSON(t, &searched)
		batch := want(t, p, 200, "POST", contactsPath+"/batch/read", `{"properties":["email","firstname"],"inputs":[{"id":"`+id+`"}]}`)
		var read struct{ Results []object }
		batch.JSON(t, &read)
		for name, o := range map[string]object{
			"single": readRecord(t, p, "contacts", id, "?properties=email,firstname"),
			"list":   listed.Results[0], "search": searched.Results[0], "batch": read.Results[0],
		} {
			if diff := cmp.Diff(expected, properties(o)); diff != "" {
				t.Errorf("%s, %s read (-want +got):\n%s", ruling, name, diff)
			}
		}
	}
}

func TestRulingBackwardStage(t *testing.T) {
	t.Parallel()
	for ruling, expected := range map[string]string{"ignore": "customer", "allow": "lead"} {
		p := ruledPortal(t, "backward-stage", ruling)
		id := add(t, p, "contacts", `{"email":"a@example.com","lifecyclestage":"customer"}`).ID
		var got object
		want(t, p, 200, "PATCH", contactsPath+"/"+id, `{"properties":{"lifecyclestage":"lead"}}`).JSON(t, &got)
		if got.text("lifecyclestage") != expected {
			t.Errorf("%s: the stage is %q", ruling, got.text("lifecyclestage"))
		}
	}
}

func TestRulingUnchangedUpdate(t *testing.T) {
	t.Parallel()
	for ruling, bumped := range map[string]bool{"bump": true, "keep": false} {
		p := ruledPortal(t, "unchanged-update", ruling)
		contact := add(t, p, "contacts", `{"email":"a@example.com"}`)
		var same, changed object
		want(t, p, 200, "PATCH", contactsPath+"/"+contact.ID, `{"properties":{"email":"A@example.com","firstname":""}}`).JSON(t, &same)
		if got := same.UpdatedAt > contact.UpdatedAt; got != bumped {
			t.Errorf("%s: modified %s, before %s", ruling, same.UpdatedAt, contact.UpdatedAt)
		}
		want(t, p, 200, "PATCH", contactsPath+"/"+contact.ID, `{"properties":{"firstname":"A"}}`).JSON(t, &changed)
		if changed.UpdatedAt <= same.UpdatedAt {
			t.Errorf("%s: a change left the time at %s", ruling, changed.UpdatedAt)
		}
	}
}

func TestRulingUpdateUnknownIDs(t *testing.T) {
	t.Parallel()
	for ruling, failures := range map[string]int{"report": 1, "silent": 0} {
		p := ruledPortal(t, "update-unknown-ids", ruling)
		id := add(t, p, "contacts", `{"email":"a@example.com"}`).ID
		got := askBatch(t, p, 207, contactsPath+"/batch/update", `{"id":"12","properties":{"firstname":"X"}},{"id":"`+id+`","properties":{"firstname":"A"}}`)
		if len(got.Results) != 1 || got.NumErrors != failures || len(got.Errors) != failures {
			t.Errorf("%s: answered %+v", ruling, got)
		}
		askBatch(t, p, 200, contactsPath+"/batch/update", `{"id":"`+id+`","properties":{"firstname":"B"}}`)
	}
}

func TestRulingUpsertByEmail(t *testing.T) {
	t.Parallel()
	type upsert struct {
		status int
		left   map[string]string
	}
	partial, whole := `{"firstname":"New"}`, `{"firstname":"New","lastname":"New","lifecyclestage":""}`
	for ruling, expected := range map[string]upsert{
		"apply":   {200, map[string]string{"email": "a@example.com", "hs_additional_emails": "b@example.com", "firstname": "New", "lastname": "Old", "lifecyclestage": "lead"}},
		"reject":  {400, map[string]string{"email": "a@example.com", "hs_additional_emails": "b@example.com", "firstname": "Old", "lastname": "Old", "lifecyclestage": "lead"}},
		"replace": {200, map[string]string{"email": "a@example.com", "hs_additional_emails": "b@example.com", "firstname": "New", "lastname": "null", "lifecyclestage": "null"}},
	} {
		p := ruledPortal(t, "upsert-by-email", ruling)
		if err := p.Fill(t.Context(), uniqueNumbers); err != nil {
			t.Fatal(err)
		}
		id := add(t, p, "contacts", `{"email":"a@example.com","hs_additional_emails":"b@example.com","firstname":"Old","lastname":"Old","lifecyclestage":"lead"}`).ID
		input := func(properties string) string {
			return `{"inputs":[{"id":"A@example.com","idProperty":"email","properties":` + properties + `}]}`
		}
		want(t, p, expected.status, "POST", contactsPath+"/batch/upsert", input(partial))
		read := readRecord(t, p, "contacts", id, "?properties=email,hs_additional_emails,firstname,lastname,lifecyclestage")
		if diff := cmp.Diff(expected.left, properties(read)); diff != "" {
			t.Errorf("%s left (-want +got):\n%s", ruling, diff)
		}
		want(t, p, 200, "POST", contactsPath+"/batch/upsert", input(whole))
		// By another property an upsert is partial in every portal.
		want(t, p, 200, "POST", contactsPath+"/batch/upsert", `{"inputs":[{"id":"1","idProperty":"number","properties":{"lastname":"X","firstname":"Y"}}]}`)
		want(t, p, 200, "POST", contactsPath+"/batch/upsert", `{"inputs":[{"id":"1","idProperty":"number","properties":{"lastname":"Z"}}]}`)
		if read := readRecord(t, p, "contacts", "1", "?idProperty=number"); read.text("firstname") != "Y" || read.text("lastname") != "Z" {
			t.Errorf("%s: an upsert by number left %v", ruling, properties(read))
		}
	}
}

func TestRulingNormalisePhone(t *testing.T) {
	t.Parallel()
	for ruling, expected := range map[string][4]string{
		"off": {"+49 (30) 1234-567", "+49 170/12-34", "+44 20 7946 0018", "+1 212.555.0100"},
		"on":  {"+49301234567", "+491701234", "+442079460018", "+12125550100"},
	} {
		p := ruledPortal(t, "normalise-phone", ruling)
		contact := add(t, p, "contacts", `{"email":"a@example.com","phone":"+49 (30) 1234-567","mobilephone":"+49 170/12-34"}`)
		company := add(t, p, "companies", `{"name":"A","phone":"+44 20 7946 0018"}`)
		var changed object
		want(t, p, 200, "PATCH", contactsPath+"/"+contact.ID, `{"properties":{"mobilephone":"+1 212.555.0100"}}`).JSON(t, &changed)
		got := [4]string{contact.text("phone"), contact.text("mobilephone"), company.text("phone"), changed.text("mobilephone")}
		if diff := cmp.Diff(expected, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", ruling, diff)
		}
		// What the portal does to numbers is listed, for planners to know.
		rules, err := portaltest.Client(t, p).PropertyRules(t.Context(), "contacts")
		if err != nil {
			t.Fatal(err)
		}
		listed := map[string]bool{}
		for _, rule := range rules {
			for _, one := range rule.PropertyValidationRules {
				listed[rule.PropertyName] = strings.HasPrefix(one.RuleType, "PHONE_NUMBER") && one.ShouldApplyNormalization
			}
		}
		phones := map[string]bool{}
		if ruling == "on" {
			phones = map[string]bool{"phone": true, "mobilephone": true}
		}
		if diff := cmp.Diff(phones, listed); diff != "" {
			t.Errorf("%s: rules (-want +got):\n%s", ruling, diff)
		}
	}
}

// A rule that is listed is enforced: a planner that judges by it and the portal agree.
func TestNumberWithoutItsCountryIsRefusedByTheRulingOnPhones(t *testing.T) {
	t.Parallel()
	for ruling, status := range map[string]int{"off": 201, "on": 400} {
		p := ruledPortal(t, "normalise-phone", ruling)
		for _, name := range []string{"phone", "mobilephone"} {
			for _, number := range []string{"(0) 30 / 12-34", "030 1234567", "call me"} {
				body := fmt.Sprintf(`{"properties":{"lastname":"A",%q:%q}}`, name, number)
				if answer := want(t, p, status, "POST", contactsPath, body); status == 400 && !strings.Contains(answer.Body, "INVALID_FORMAT") {
					t.Errorf("%s %q: %s", name, number, answer.Body)
				}
			}
		}
	}
}

func TestARuleOfThePortalComesBeforeTheRulingOnPhones(t *testing.T) {
	t.Parallel()
	p := ruledPortal(t, "normalise-phone", "on")
	if err := p.Fill(t.Context(), &crm.Fixture{Properties: []crm.Property{{Name: "phone", Rules: []crm.ValidationRule{{Type: "MAX_LENGTH", Arguments: []string{"20"}}}}}}); err != nil {
		t.Fatal(err)
	}
	contact := add(t, p, "contacts", `{"email":"a@example.com","phone":"+49 30 1234567","mobilephone":"+49 30 1234567"}`)
	if contact.text("phone") != "+49 30 1234567" || contact.text("mobilephone") != "+49301234567" {
		t.Errorf("stored %q and %q", contact.text("phone"), contact.text("mobilephone"))
	}
	rules, err := portaltest.Client(t, p).PropertyRules(t.Context(), "contacts")
	if err != nil || len(rules) != 2 || rules[1].PropertyName != "phone" || rules[1].PropertyValidationRules[0].RuleType != "MAX_LENGTH" {
		t.Errorf("rules %+v, %v", rules, err)
	}
}
