package portal_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// seat is a property that a test may create.
const seat = `{"name":"seat","label":"Seat","type":"enumeration","fieldType":"select","groupName":"contactinformation",` +
	`"options":[{"label":"Aisle","value":"a","displayOrder":0,"hidden":false},{"label":"Window","value":"w","displayOrder":1,"hidden":false}]}`

// named are the properties of a list.
func named(t *testing.T, p *portal.Portal, query string) []string {
	t.Helper()
	var page hubspot.Page[hubspot.Property]
	want(t, p, 200, "GET", "/crm/v3/properties/contacts?properties=seat,email,badge,secret&"+query, "").JSON(t, &page)
	names := []string{}
	for _, property := range page.Results {
		names = append(names, property.Name)
	}
	return names
}

func TestAPropertyLivesThroughItsWholeLife(t *testing.T) {
	t.Parallel()
	for version, base := range map[string]string{"v3": "/crm/v3/properties/contacts", "dated": "/crm/properties/2026-09/contacts"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			path := t.TempDir() + "/portal.db"
			p, err := portal.Open(t.Context(), portal.Config{Path: path})
			if err != nil {
				t.Fatal(err)
			}
			created := want(t, p, 201, "POST", base, seat)
			if got, expected := created.Header.Get("Location"), "https://api.hubapi.com"+base+"/seat"; got != expected {
				t.Errorf("the property is at %q, want %q", got, expected)
			}
			id := add(t, p, "contacts", `{"email":"a@example.com","seat":"w"}`).ID
			record := "/crm/v3/objects/contacts/" + id + "?properties=seat&propertiesWithHistory=seat"

			// A PATCH without options keeps them, one with options replaces the list,
			// and what can never change is left alone.
			var changed hubspot.Property
			want(t, p, 200, "PATCH", base+"/seat", `{"label":"Your seat","hasUniqueValue":true,"name":"chair"}`).JSON(t, &changed)
			if changed.Name != "seat" || changed.Label != "Your seat" || changed.HasUniqueValue || len(changed.Options) != 2 {
				t.Errorf("the update answered %+v", changed)
			}
			want(t, p, 200, "PATCH", base+"/seat", `{"options":[{"label":"Window","value":"w"}]}`)
			want(t, p, 400, "PATCH", "/crm/v3/objects/contacts/"+id, `{"properties":{"seat":"a"}}`)

			// Archived, it is neither read nor written.
			want(t, p, 204, "DELETE", base+"/seat", "")
			want(t, p, 404, "GET", base+"/seat", "")
			want(t, p, 404, "DELETE", base+"/seat", "")
			want(t, p, 404, "PATCH", base+"/seat", `{"label":"Seat"}`)
			var binned hubspot.Property
			want(t, p, 200, "GET", base+"/seat?archived=true", "").JSON(t, &binned)
			if binned.Archived == nil || !*binned.Archived || binned.ArchivedAt == "" {
				t.Errorf("the archived definition is %+v", binned)
			}
			if got := want(t, p, 400, "PATCH", "/crm/v3/objects/contacts/"+id, `{"properties":{"seat":"w"}}`); !strings.Contains(got.Body, "PROPERTY_DOESNT_EXIST") {
				t.Errorf("writing an archived property answered %s", got.Body)
			}
			if got := want(t, p, 200, "GET", record, ""); strings.Contains(got.Body, "seat") {
				t.Errorf("reading an archived property answered %s", got.Body)
			}
			if diff := cmp.Diff([]string{"email"}, named(t, p, "")); diff != "" {
				t.Errorf("active (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]string{"seat"}, named(t, p, "archived=true")); diff != "" {
				t.Errorf("archived (-want +got):\n%s", diff)
			}

			// Its name brings it back as the new definition says, values included.
			var restored hubspot.Property
			want(t, p, 201, "POST", base, strings.Replace(seat, `"Seat"`, `"Chair"`, 1)).JSON(t, &restored)
			if restored.CreatedAt != binned.CreatedAt || restored.Label != "Chair" || len(restored.Options) != 2 || restored.ArchivedAt != "" {
				t.Errorf("the restored definition is %+v", restored)
			}
			var read object
			want(t, p, 200, "GET", record, "").JSON(t, &read)
			if read.text("seat") != "w" {
				t.Errorf("the value of the restored property is %q, not w", read.text("seat"))
			}
			if err := p.Close(); err != nil {
				t.Fatal(err)
			}
			again := portaltest.New(t, portal.Config{Path: path})
			if got := want(t, again, 200, "GET", base+"/seat", ""); !strings.Contains(got.Body, `"label":"Chair"`) {
				t.Errorf("the file holds %s", got.Body)
			}
		})
	}
}

func TestPropertiesThatAreRefused(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	base := "/crm/v3/properties/contacts"
	want(t, p, 201, "POST", base, seat)
	want(t, p, 201, "POST", base, `{"name":"first_number","label":"N","type":"number","fieldType":"number","groupName":"contactinformation"}`)
	want(t, p, 201, "POST", base, `{"name":"double","label":"D","type":"number","fieldType":"calculation_equation","groupName":"contactinformation","calculationFormula":"first_number * 2"}`)
	property := func(fields string) string {
		return `{"label":"L","groupName":"contactinformation",` + fields + `}`
	}
	tests := map[string]struct {
		status             int
		method, path, body string
		contains           string
	}{
		"a name that exists":            {409, "POST", base, seat, `"message":"A property named 'seat' already exists.","correlationId":"UUID","subCategory":"Properties.PROPERTY_WITH_NAME_EXISTS","category":"OBJECT_ALREADY_EXISTS"`},
		"a name of HubSpot's":           {409, "POST", base, property(`"name":"email","type":"string","fieldType":"text"`), "OBJECT_ALREADY_EXISTS"},
		"a name in capitals":            {400, "POST", base, property(`"name":"Seat2","type":"string","fieldType":"text"`), "should be lowercase"},
		"a name of 100 characters":      {400, "POST", base, property(`"name":"` + strings.Repeat("a", 100) + `","type":"string","fieldType":"text"`), "less than 100"},
		"a name with a dash":            {400, "POST", base, property(`"name":"my-seat","type":"string","fieldType":"text"`), "Invalid names: my-seat"},
		"a name that is a number":       {400, "POST", base, property(`"name":"1st","type":"string","fieldType":"text"`), "Invalid names: 1st"},
		"no label and no group":         {400, "POST", base, `{"name":"x","type":"string","fieldType":"text"}`, "[label, groupName]"},
		"a group that is missing":       {400, "POST", base, `{"name":"x","label":"X","groupName":"nowhere","type":"string","fieldType":"text"}`, "nowhere"},
		"a type that is none":           {400, "POST", base, property(`"name":"x","type":"json","fieldType":"text"`), "json"},
		"a field type of another type":  {400, "POST", base, property(`"name":"x","type":"date","fieldType":"text"`), "field type"},
		"an enumeration without option": {400, "POST", base, property(`"name":"x","type":"enumeration","fieldType":"select"`), "options"},
		"an option twice":               {400, "POST", base, property(`"name":"x","type":"enumeration","fieldType":"select","options":[{"label":"A","value":"a"},{"label":"B","value":"a"}]`), "unique"},
		"an option without a label":     {400, "POST", base, property(`"name":"x","type":"enumeration","fieldType":"select","options":[{"value":"a"}]`), "label"},
		"a bool with other options":     {400, "POST", base, property(`"name":"x","type":"bool","fieldType":"booleancheckbox","options":[{"label":"Y","value":"yes"},{"label":"N","value":"no"}]`), "INVALID_BOOLEAN_OPTION"},
		"external options of nowhere":   {400, "POST", base, property(`"name":"x","type":"enumeration","fieldType":"select","externalOptions":true`), "referencedObjectType"},
		"a sensitivity that is none":    {400, "POST", base, property(`"name":"x","type":"string","fieldType":"text","dataSensitivity":"secret"`), "secret"},
		"a display hint that is none":   {400, "POST", base, property(`"name":"x","type":"number","fieldType":"number","numberDisplayHint":"huge"`), "huge"},
		"a formula that is missing":     {400, "POST", base, property(`"name":"x","type":"number","fieldType":"calculation_equation"`), "calculationFormula"},
		"a currency without its symbol": {400, "POST", base, property(`"name":"x","type":"number","fieldType":"number","currencyPropertyName":"first_number"`), "ONLY_CURRENCY"},
		"an update to a wrong pair":     {400, "PATCH", base + "/seat", `{"type":"number"}`, "field type"},
		"an update to no options":       {400, "PATCH", base + "/seat", `{"options":[]}`, "options"},
		"an update of HubSpot's":        {400, "PATCH", base + "/email", `{"label":"Mail"}`, "read only"},
		"an update of HubSpot's stages": {400, "PATCH", base + "/lifecyclestage", `{"options":[{"label":"A","value":"a"}]}`, "read only"},
		"archiving HubSpot's":           {400, "DELETE", base + "/email", "", "defined by HubSpot"},
		"archiving what a formula uses": {400, "DELETE", base + "/first_number", "", `"subCategory":"PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE"`},
		"archiving HubSpot's in batch":  {400, "POST", base + "/batch/archive", `{"inputs":[{"name":"seat"},{"name":"email"}]}`, "defined by HubSpot"},
		"reading an unknown name":       {404, "GET", base + "/nothing", "", "OBJECT_NOT_FOUND"},
		"an unknown sensitivity":        {400, "GET", base + "?dataSensitivity=secret", "", "secret"},
		"an unknown object type":        {400, "POST", "/crm/v3/properties/unicorns", seat, "Unable to infer object type from: unicorns"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := want(t, p, test.status, test.method, test.path, test.body)
			if !strings.Contains(normalise(got.Body), test.contains) {
				t.Errorf("answered %s, without %s", got.Body, test.contains)
			}
			if got.Header.Get("Location") != "" {
				t.Error("a refusal has a Location")
			}
		})
	}
}

func TestOptionsOfHubSpotsPropertiesThatAllowIt(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	want(t, p, 200, "PATCH", "/crm/v3/properties/contacts/hs_lead_status", `{"options":[{"label":"Warm","value":"WARM"}]}`)
	add(t, p, "contacts", `{"email":"a@example.com","hs_lead_status":"WARM"}`)
	want(t, p, 400, "POST", "/crm/v3/objects/contacts", `{"properties":{"email":"b@example.com","hs_lead_status":"NEW"}}`)
}

func TestPropertiesOfOtherObjects(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	for _, object := range [][2]string{{"companies", "companyinformation"}, {"0-3", "dealinformation"}, {"ticket", "ticketinformation"}, {"tasks", "task"}} {
		want(t, p, 201, "POST", "/crm/properties/2026-03/"+object[0], `{"name":"tier","label":"Tier","type":"number","fieldType":"number","groupName":"`+object[1]+`"}`)
	}
	add(t, p, "deals", `{"dealname":"D","tier":"3"}`)
	want(t, p, 400, "POST", "/crm/v3/objects/contacts", `{"properties":{"email":"a@example.com","tier":"3"}}`)
}

// A unique property that comes back from the bin knows the values that records
// have.
func TestUniquePropertiesCanBeArchivedAndRestored(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	base := "/crm/v3/properties/contacts"
	badge := `{"name":"badge","label":"Badge","type":"string","fieldType":"text","groupName":"contactinformation","hasUniqueValue":true}`
	want(t, p, 201, "POST", base, badge)
	first := add(t, p, "contacts", `{"email":"a@example.com","badge":"7"}`)
	gone := add(t, p, "contacts", `{"email":"gone@example.com","badge":"8"}`)
	want(t, p, 400, "POST", "/crm/v3/objects/contacts", `{"properties":{"email":"b@example.com","badge":"7"}}`)
	want(t, p, 204, "DELETE", base+"/badge", "")
	want(t, p, 400, "GET", "/crm/v3/objects/contacts/7?idProperty=badge", "")
	want(t, p, 204, "DELETE", "/crm/v3/objects/contacts/"+gone.ID, "")
	want(t, p, 201, "POST", base, badge)
	var found object
	want(t, p, 200, "GET", "/crm/v3/objects/contacts/7?idProperty=badge", "").JSON(t, &found)
	if found.ID != first.ID {
		t.Errorf("the value belongs to %s, not %s", found.ID, first.ID)
	}
	want(t, p, 400, "POST", "/crm/v3/objects/contacts", `{"properties":{"email":"b@example.com","badge":"7"}}`)
	add(t, p, "contacts", `{"email":"c@example.com","badge":"8"}`)
	for i := range 9 {
		want(t, p, 201, "POST", base, strings.Replace(badge, `"badge"`, fmt.Sprintf(`"badge%d"`, i), 1))
	}
	if got := want(t, p, 400, "POST", base, strings.Replace(badge, `"badge"`, `"badge9"`, 1)); !strings.Contains(got.Body, "at most 10") {
		t.Errorf("the eleventh unique property answered %s", got.Body)
	}
}

func TestPropertiesInBatches(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	base := "/crm/v3/properties/contacts/batch/"
	secret := `{"name":"secret","label":"S","type":"string","fieldType":"text","groupName":"contactinformation","dataSensitivity":"sensitive"}`
	type answer struct {
		NumErrors int
		Results   []hubspot.Property
		Errors    []struct {
			Category string
			Context  map[string][]string
		}
	}
	var made answer
	want(t, p, 207, "POST", base+"create", `{"inputs":[`+seat+`,`+secret+`,`+seat+`]}`).JSON(t, &made)
	if len(made.Results) != 2 || made.NumErrors != 1 || made.Errors[0].Category != "OBJECT_ALREADY_EXISTS" || !cmp.Equal(made.Errors[0].Context, map[string][]string{"name": {"seat"}}) {
		t.Errorf("creating answered %+v", made)
	}
	var read answer
	want(t, p, 207, "POST", base+"read", `{"archived":false,"inputs":[{"name":"seat"},{"name":"seat"},{"name":"secret"}]}`).JSON(t, &read)
	if len(read.Results) != 1 || read.NumErrors != 1 || read.Errors[0].Category != "OBJECT_NOT_FOUND" {
		t.Errorf("reading answered %+v", read)
	}
	want(t, p, 200, "POST", base+"read", `{"dataSensitivity":"sensitive","inputs":[{"name":"secret"}]}`)
	if diff := cmp.Diff([]string{"secret"}, named(t, p, "dataSensitivity=sensitive")); diff != "" {
		t.Errorf("sensitive (-want +got):\n%s", diff)
	}
	want(t, p, 404, "GET", "/crm/v3/properties/contacts/secret", "")
	want(t, p, 200, "GET", "/crm/v3/properties/contacts/secret?dataSensitivity=sensitive", "")
	want(t, p, 204, "POST", base+"archive", `{"inputs":[{"name":"seat"},{"name":"nothing"}]}`)
	want(t, p, 204, "POST", base+"archive", `{"inputs":[{"name":"seat"}]}`)
	want(t, p, 200, "POST", base+"read", `{"archived":true,"inputs":[{"name":"seat"}]}`)
	want(t, p, 400, "POST", base+"archive", `{"inputs":[`+strings.TrimSuffix(strings.Repeat(`{"name":"x"},`, 101), ",")+`]}`)
}

func TestAnObjectHasAThousandCustomProperties(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	for i := range 10 {
		var inputs []string
		for j := range 100 {
			inputs = append(inputs, fmt.Sprintf(`{"name":"p%d_%d","label":"P","type":"string","fieldType":"text","groupName":"contactinformation"}`, i, j))
		}
		want(t, p, 201, "POST", "/crm/v3/properties/contacts/batch/create", `{"inputs":[`+strings.Join(inputs, ",")+`]}`)
	}
	if got := want(t, p, 400, "POST", "/crm/v3/properties/contacts", seat); !strings.Contains(got.Body, "at most 1000") {
		t.Errorf("property 1001 answered %s", got.Body)
	}
}

// Of many creates of one name at once exactly one succeeds, and the contacts that
// are written meanwhile are judged by the one definition or the other.
func TestDefinitionsAndRecordsAreWrittenAtOnce(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{Path: t.TempDir() + "/portal.db"})
	statuses := make([]int, 16)
	var group sync.WaitGroup
	for i := range statuses {
		group.Go(func() {
			if i%2 == 0 {
				statuses[i] = ask(t, p, "POST", "/crm/v3/properties/contacts", seat).Status
				return
			}
			written := ask(t, p, "POST", "/crm/v3/objects/contacts", fmt.Sprintf(`{"properties":{"email":"c%d@example.com","seat":"w"}}`, i)).Status
			if written != 201 && written != 400 {
				t.Errorf("writing a contact answered %d", written)
			}
		})
	}
	group.Wait()
	count := map[int]int{}
	for i := 0; i < len(statuses); i += 2 {
		count[statuses[i]]++
	}
	if diff := cmp.Diff(map[int]int{201: 1, 409: 7}, count); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPropertyGroups(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	base := "/crm/properties/2026-09/contacts/groups"
	created := want(t, p, 201, "POST", base, `{"name":"travel","label":"Travel"}`)
	if got := created.Header.Get("Location"); got != "https://api.hubapi.com"+base+"/travel" {
		t.Errorf("the group is at %q", got)
	}
	if diff := cmp.Diff(`{"name":"travel","label":"Travel","displayOrder":-1,"archived":false}`, created.Body); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want(t, p, 409, "POST", base, `{"name":"travel","label":"Travel"}`)
	want(t, p, 400, "POST", base, `{"name":"travel"}`)
	want(t, p, 400, "POST", base, `{"name":"My group","label":"L"}`)
	want(t, p, 404, "GET", base+"/nothing", "")
	want(t, p, 400, "PATCH", base+"/travel", `{"label":" "}`)
	want(t, p, 200, "PATCH", base+"/travel", `{"label":"Trips","displayOrder":0}`)
	want(t, p, 201, "POST", "/crm/v3/properties/contacts", strings.Replace(seat, "contactinformation", "travel", 1))
	if diff := cmp.Diff(`{"status":"error","message":"{\"status\":\"error\",\"message\":\"Can't delete or purge a group with active properties\",\"correlationId\":\"UUID\",`+
		`\"subCategory\":\"PropertyGroupError.GROUP_WITH_ACTIVE_PROPERTIES\",\"category\":\"VALIDATION_ERROR\"}","correlationId":"UUID"}`,
		normalise(want(t, p, 400, "DELETE", base+"/travel", "").Body)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want(t, p, 204, "DELETE", "/crm/v3/properties/contacts/seat", "")
	want(t, p, 204, "DELETE", base+"/travel", "")
	want(t, p, 404, "DELETE", base+"/travel", "")
	want(t, p, 400, "POST", "/crm/v3/properties/contacts", strings.Replace(seat, "contactinformation", "travel", 1))

	want(t, p, 201, "POST", base, `{"name":"travel","label":"Again","displayOrder":1}`)
	var page hubspot.Page[hubspot.PropertyGroup]
	want(t, p, 200, "GET", "/crm/v3/properties/contacts/groups", "").JSON(t, &page)
	var first []string
	for _, group := range page.Results[:4] {
		first = append(first, group.Label)
	}
	if diff := cmp.Diff([]string{"Contact Information", "Again", "Email Information", "Calculated Contact Information"}, first); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestURLsHaveALimit(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	path := "/crm/v3/objects/contacts?properties="
	want(t, p, 200, "GET", path+strings.Repeat("a", 16_000-len(path)), "")
	got := want(t, p, 414, "GET", path+strings.Repeat("a", 16_001-len(path)), "")
	if kind := got.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/html") {
		t.Errorf("the page is %q", kind)
	}
}
