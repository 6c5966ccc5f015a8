package portal_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// sample is a request that succeeds on a portal filled with crowd, and the type
// that the hubspot client reads its answer into.
type sample struct {
	operation string // as Operation.String has it
	values    string // of the names in the path, in order, between slashes
	query     string
	body      string
	answer    any // nil = the answer is empty
}

// crowd is a portal in which every sample finds what it is about, by ids that do
// not depend on anything.
func crowd() *crm.Fixture {
	fixture := smallPortal()
	fixture.Records = append(fixture.Records,
		crm.FixtureRecord{Type: crm.TypeContact, ID: "152", Properties: texts("email", "edith@example.com", "badge", "b2")},
		crm.FixtureRecord{Type: crm.TypeContact, ID: "153", Properties: texts("email", "gone@example.com"), Archived: true},
		crm.FixtureRecord{Type: crm.TypeCompany, ID: "9002", Properties: texts("name", "Yard", "domain", "yard.example")},
		crm.FixtureRecord{Type: crm.TypeDeal, ID: "7001", Properties: texts("dealname", "Dock", "amount", "17")},
		crm.FixtureRecord{Type: crm.TypeNote, ID: "6001", Properties: texts("hs_note_body", "x", "hs_timestamp", "2026-01-01T00:00:00Z")},
	)
	return fixture
}

func crowded(tb testing.TB) *portal.Portal {
	tb.Helper()
	p := portaltest.New(tb, portal.Config{AccountID: "424242"})
	if err := p.Fill(tb.Context(), crowd()); err != nil {
		tb.Fatal(err)
	}
	for _, request := range furniture {
		want(tb, p, 201, "POST", request[0], request[1])
	}
	return p
}

// furniture are definitions that a fixture cannot give, and that nothing uses.
var furniture = [][2]string{
	{"/crm/v3/properties/contacts/groups", `{"name":"spare","label":"Spare"}`},
	{"/crm/v3/schemas", `{"name":"spare","labels":{"singular":"Spare","plural":"Spares"},"primaryDisplayProperty":"serial","properties":[{"name":"serial","label":"Serial"}],"associatedObjects":["contact"]}`},
}

// samples has one for every operation at least.
var samples = slices.Concat(objectSamples, associationSamples, definitionSamples)

type (
	objectAnswer  = hubspot.Object
	objectsAnswer = hubspot.BatchResponse[hubspot.Object]
)

var objectSamples = []sample{
	{"POST /crm/v3/objects/{type}", "contacts", "", `{"properties":{"email":"x@example.com","hs_additional_emails":"y@example.com;z@example.com","tier":"gold"},"associations":[{"to":{"id":9001},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":1},{"label":"Decision maker"}]}]}`, objectAnswer{}},
	{"GET /crm/v3/objects/{type}", "contacts", "limit=2&after=1&properties=email,tier&associations=companies,deals&propertiesWithHistory=email", "", hubspot.Page[hubspot.Object]{}},
	{"GET /crm/v3/objects/{type}", "contacts", "archived=true", "", hubspot.Page[hubspot.Object]{}},
	{"GET /crm/v3/objects/{type}/{id}", "contacts/151", "properties=email&properties=zip&associations=companies", "", objectAnswer{}},
	{"GET /crm/v3/objects/{type}/{id}", "0-1/GB@example.com", "idProperty=email&propertiesWithHistory=lifecyclestage", "", objectAnswer{}},
	{"GET /crm/v3/objects/{type}/{id}", "contact/b1", "idProperty=badge", "", objectAnswer{}},
	{"PATCH /crm/v3/objects/{type}/{id}", "contacts/151", "", `{"properties":{"email":"new@example.com","tier":"","lifecyclestage":"customer","badge":"b3","firstname":null,"annualrevenue":1.5}}`, objectAnswer{}},
	{"DELETE /crm/v3/objects/{type}/{id}", "contacts/152", "", "", nil},
	{"POST /crm/v3/objects/{type}/batch/create", "contacts", "", `{"inputs":[{"objectWriteTraceId":"1","properties":{"email":"p@example.com"},"associations":[{"to":{"id":"9001"},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":279}]}]},{"objectWriteTraceId":"2","properties":{"email":"edith@example.com"}},{"objectWriteTraceId":"3","properties":{"nope":"x"}}]}`, objectsAnswer{}},
	{"POST /crm/v3/objects/{type}/batch/read", "contacts", "", `{"properties":["email","tier"],"propertiesWithHistory":["email"],"inputs":[{"id":"151"},{"id":152},{"id":"7"}]}`, objectsAnswer{}},
	{"POST /crm/v3/objects/{type}/batch/read", "contacts", "archived=true", `{"idProperty":"email","inputs":[{"id":"gone@example.com"}]}`, objectsAnswer{}},
	{"POST /crm/v3/objects/{type}/batch/update", "contacts", "", `{"inputs":[{"id":"151","properties":{"firstname":"G","tier":"silver"}},{"id":"7","properties":{"firstname":"X"}}]}`, objectsAnswer{}},
	{"POST /crm/v3/objects/{type}/batch/update", "contacts", "", `{"inputs":[{"id":"b1","idProperty":"badge","properties":{"firstname":"G"},"objectWriteTraceId":"t"}]}`, objectsAnswer{}},
	{"POST /crm/v3/objects/{type}/batch/upsert", "contacts", "", `{"inputs":[{"id":"EDITH@example.com","idProperty":"email","properties":{"firstname":"E"}},{"id":"b9","idProperty":"badge","properties":{"lastname":"N"},"objectWriteTraceId":"t"}]}`, objectsAnswer{}},
	{"POST /crm/v3/objects/{type}/batch/archive", "contacts", "", `{"inputs":[{"id":"152"},{"id":"7"}]}`, nil},
	{"POST /crm/v3/objects/{type}/search", "contacts", "", `{"filterGroups":[{"filters":[{"propertyName":"email","operator":"CONTAINS_TOKEN","value":"*grace*"},{"propertyName":"createdate","operator":"LT","value":"2030-01-01"}]},{"filters":[{"propertyName":"tier","operator":"IN","values":["gold"]}]}],"sorts":[{"propertyName":"createdate","direction":"DESCENDING"}],"properties":["email"],"limit":1,"after":"0"}`, hubspot.Page[hubspot.Object]{}},
	{"POST /crm/v3/objects/{type}/search", "deals", "", `{"filterGroups":[{"filters":[{"propertyName":"amount","operator":"BETWEEN","value":1,"highValue":"20"}]}],"sorts":["-amount"],"query":"dock"}`, hubspot.Page[hubspot.Object]{}},
	{"POST /crm/v3/objects/{type}/merge", "contacts", "", `{"primaryObjectId":"151","objectIdToMerge":152}`, objectAnswer{}},
	{"POST /crm/v3/objects/{type}/gdpr-delete", "contacts", "", `{"objectId":"GB@example.com","idProperty":"email"}`, nil},
	{"POST /crm/v3/objects/{type}/gdpr-delete", "contacts", "", `{"objectId":"152"}`, nil},
}

var associationSamples = []sample{
	{"GET /crm/v3/objects/{type}/{id}/associations/{toType}", "contacts/151/companies", "limit=1", "", hubspot.Page[hubspot.AssociatedID]{}},
	{"PUT /crm/v3/objects/{type}/{id}/associations/{toType}/{toId}/{associationType}", "contacts/152/companies/9001/contact_to_company", "", "", objectAnswer{}},
	{"DELETE /crm/v3/objects/{type}/{id}/associations/{toType}/{toId}/{associationType}", "contacts/151/companies/9001/279", "", "", nil},
	{"GET /crm/v4/objects/{type}/{id}/associations/{toType}", "contacts/151/companies", "limit=1&after=9001", "", hubspot.Page[hubspot.AssociatedRecord]{}},
	{"PUT /crm/v4/objects/{type}/{id}/associations/default/{toType}/{toId}", "notes/6001/contacts/152", "", "", hubspot.BatchResponse[defaultAssociation]{}},
	{"PUT /crm/v4/objects/{type}/{id}/associations/{toType}/{toId}", "contacts/152/companies/9002", "", `[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":1},{"associationCategory":"USER_DEFINED","associationTypeId":28}]`, hubspot.LabelsBetweenPair{}},
	{"DELETE /crm/v4/objects/{type}/{id}/associations/{toType}/{toId}", "contacts/151/companies/9001", "", "", nil},
	{"POST /crm/v4/associations/{from}/{to}/batch/create", "contacts/companies", "", `{"inputs":[{"from":{"id":"151"},"to":{"id":9002},"types":[{"associationCategory":"USER_DEFINED","associationTypeId":28}]},{"from":{"id":"7"},"to":{"id":"9001"},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":279}]}]}`, hubspot.BatchResponse[hubspot.LabelsBetweenPair]{}},
	{"POST /crm/v4/associations/{from}/{to}/batch/associate/default", "deals/contacts", "", `{"inputs":[{"from":{"id":"7001"},"to":{"id":"152"}}]}`, hubspot.BatchResponse[defaultAssociation]{}},
	{"POST /crm/v4/associations/{from}/{to}/batch/read", "contacts/companies", "", `{"inputs":[{"id":"151"},{"id":"152"},{"id":"151","after":"9001"}]}`, hubspot.BatchResponse[hubspot.RecordAssociations]{}},
	{"POST /crm/v4/associations/{from}/{to}/batch/archive", "contacts/companies", "", `{"inputs":[{"from":{"id":"151"},"to":[{"id":"9001"},{"id":"7"}]}]}`, nil},
	{"POST /crm/v4/associations/{from}/{to}/batch/labels/archive", "contacts/companies", "", `{"inputs":[{"from":{"id":"151"},"to":{"id":"9001"},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":279}]}]}`, nil},
	{"GET /crm/v4/associations/{from}/{to}/labels", "contacts/companies", "", "", hubspot.Page[hubspot.Label]{}},
	{"POST /crm/v4/associations/{from}/{to}/labels", "contacts/deals", "", `{"name":"backer","label":"Backer","inverseLabel":"Backed deal"}`, hubspot.Page[hubspot.Label]{}},
	{"PUT /crm/v4/associations/{from}/{to}/labels", "contacts/companies", "", `{"associationTypeId":28,"label":"Chooses","inverseLabel":"Chosen by"}`, nil},
	{"DELETE /crm/v4/associations/{from}/{to}/labels/{associationType}", "contacts/companies/28", "", "", nil},
	{"POST /crm/v3/associations/{from}/{to}/batch/create", "contacts/companies", "", `{"inputs":[{"from":{"id":"152"},"to":{"id":9001},"type":"contact_to_company"},{"from":{"id":"7"},"to":{"id":"9001"},"type":"279"}]}`, hubspot.BatchResponse[namedPair]{}},
	{"POST /crm/v3/associations/{from}/{to}/batch/read", "contacts/companies", "", `{"inputs":[{"id":"151"},{"id":"152"}]}`, hubspot.BatchResponse[namedLinks]{}},
	{"POST /crm/v3/associations/{from}/{to}/batch/archive", "contacts/companies", "", `{"inputs":[{"from":{"id":"151"},"to":{"id":"9001"},"type":"contact_to_company_unlabeled"}]}`, nil},
	{"GET /crm/v3/associations/{from}/{to}/types", "contacts/companies", "", "", hubspot.Page[typeName]{}},
}

// defaultAssociation is one direction of a default association. The client has
// no use for it, so it has no type of its own in package hubspot.
type defaultAssociation struct {
	From            hubspot.RecordID        `json:"from"`
	To              hubspot.RecordID        `json:"to"`
	AssociationSpec hubspot.AssociationSpec `json:"associationSpec"`
}

// namedPair and namedLinks are of the v3 batches, which the client has no use for
// either.
type (
	namedPair struct {
		From hubspot.RecordID `json:"from"`
		To   hubspot.RecordID `json:"to"`
		Type string           `json:"type"`
	}
	namedLinks struct {
		From hubspot.RecordID       `json:"from"`
		To   []hubspot.AssociatedID `json:"to"`
	}
	typeName struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
)

// objectSchema is a custom object type.
type objectSchema struct {
	ID                         string             `json:"id"`
	ObjectTypeID               string             `json:"objectTypeId"`
	Name                       string             `json:"name"`
	FullyQualifiedName         string             `json:"fullyQualifiedName"`
	Labels                     map[string]string  `json:"labels"`
	Description                string             `json:"description,omitempty"`
	PrimaryDisplayProperty     string             `json:"primaryDisplayProperty"`
	SecondaryDisplayProperties []string           `json:"secondaryDisplayProperties"`
	RequiredProperties         []string           `json:"requiredProperties"`
	SearchableProperties       []string           `json:"searchableProperties"`
	Properties                 []hubspot.Property `json:"properties"`
	Associations               []struct {
		ID   string `json:"id"`
		From string `json:"fromObjectTypeId"`
		To   string `json:"toObjectTypeId"`
		Name string `json:"name"`
	} `json:"associations"`
	CreatedAt string `json:"createdAt"`
	UpdatedAt string `json:"updatedAt"`
	Archived  bool   `json:"archived"`
}

// pipeline and pipelineStage are what pipelines answer.
type (
	pipeline struct {
		Label        string          `json:"label"`
		DisplayOrder int             `json:"displayOrder"`
		ID           string          `json:"id"`
		Stages       []pipelineStage `json:"stages"`
		CreatedAt    string          `json:"createdAt"`
		UpdatedAt    string          `json:"updatedAt"`
		Archived     bool            `json:"archived"`
	}
	pipelineStage struct {
		Label            string            `json:"label"`
		DisplayOrder     int               `json:"displayOrder"`
		Metadata         map[string]string `json:"metadata"`
		ID               string            `json:"id"`
		CreatedAt        string            `json:"createdAt"`
		UpdatedAt        string            `json:"updatedAt"`
		Archived         bool              `json:"archived"`
		WritePermissions string            `json:"writePermissions"`
	}
)

// propertyLimits and labelUsage are answers about limits.
type (
	namedObject struct {
		ObjectTypeID  string `json:"objectTypeId"`
		SingularLabel string `json:"singularLabel"`
		PluralLabel   string `json:"pluralLabel"`
	}
	usage struct {
		Limit      int     `json:"limit"`
		Usage      int     `json:"usage"`
		Percentage float64 `json:"percentage"`
	}
	propertyLimits struct {
		OverallLimit      int     `json:"overallLimit"`
		OverallUsage      int     `json:"overallUsage"`
		OverallPercentage float64 `json:"overallPercentage"`
		ByObjectType      []struct {
			namedObject
			usage
		} `json:"byObjectType"`
	}
	labelUsage struct {
		usage
		From      namedObject `json:"fromObjectType"`
		To        namedObject `json:"toObjectType"`
		AllLabels []string    `json:"allLabels"`
	}
)

var definitionSamples = []sample{
	{"GET /crm/v3/properties/{type}", "tickets", "", "", hubspot.Page[hubspot.Property]{}},
	{"GET /crm/v3/properties/{type}/{name}", "contacts/tier", "", "", hubspot.Property{}},
	{"POST /crm/v3/properties/{type}", "contacts", "", `{"name":"seat","label":"Seat","type":"enumeration","fieldType":"select","groupName":"contactinformation","options":[{"label":"Aisle","value":"a","displayOrder":0,"hidden":false}],"hasUniqueValue":false}`, hubspot.Property{}},
	{"PATCH /crm/v3/properties/{type}/{name}", "contacts/tier", "", `{"label":"Level","options":[{"label":"Gold","value":"gold"}],"displayOrder":2}`, hubspot.Property{}},
	{"DELETE /crm/v3/properties/{type}/{name}", "contacts/tier", "", "", nil},
	{"POST /crm/v3/properties/{type}/batch/create", "deals", "", `{"inputs":[{"name":"fee","label":"Fee","type":"number","fieldType":"number","groupName":"dealinformation"},{"name":"amount","label":"A","type":"number","fieldType":"number","groupName":"dealinformation"}]}`, hubspot.BatchResponse[hubspot.Property]{}},
	{"POST /crm/v3/properties/{type}/batch/read", "contacts", "", `{"archived":false,"dataSensitivity":"non_sensitive","inputs":[{"name":"tier"},{"name":"nope"}]}`, hubspot.BatchResponse[hubspot.Property]{}},
	{"POST /crm/v3/properties/{type}/batch/archive", "contacts", "", `{"inputs":[{"name":"tier"},{"name":"nope"}]}`, nil},
	{"GET /crm/v3/properties/{type}/groups", "contacts", "", "", hubspot.Page[hubspot.PropertyGroup]{}},
	{"POST /crm/v3/properties/{type}/groups", "contacts", "", `{"name":"fleet","label":"Fleet","displayOrder":1}`, hubspot.PropertyGroup{}},
	{"GET /crm/v3/properties/{type}/groups/{name}", "contacts/contactinformation", "", "", hubspot.PropertyGroup{}},
	{"PATCH /crm/v3/properties/{type}/groups/{name}", "contacts/contactinformation", "", `{"label":"People","displayOrder":7}`, hubspot.PropertyGroup{}},
	{"DELETE /crm/v3/properties/{type}/groups/{name}", "contacts/spare", "", "", nil},
	{"GET /crm/v3/property-validations/{type}/{name}", "0-1/zip", "", "", hubspot.Page[hubspot.ValidationRule]{}},
	{"GET /crm/v3/property-validations/{type}/{name}/rule-type/{ruleType}", "0-1/zip/ALPHANUMERIC", "", "", hubspot.ValidationRule{}},
	{"PUT /crm/v3/property-validations/{type}/{name}/rule-type/{ruleType}", "0-1/zip/MAX_LENGTH", "", `{"ruleArguments":["5"],"shouldApplyNormalization":false}`, nil},
	{"GET /crm/v3/schemas", "", "", "", hubspot.Page[objectSchema]{}},
	{"POST /crm/v3/schemas", "", "", `{"name":"engine","labels":{"singular":"Engine","plural":"Engines"},"primaryDisplayProperty":"serial","requiredProperties":["serial"],"searchableProperties":["serial"],"properties":[{"name":"serial","label":"Serial"}],"associatedObjects":["CONTACT"]}`, objectSchema{}},
	{"GET /crm/v3/schemas/{type}", "p424242_spare", "", "", objectSchema{}},
	{"PATCH /crm/v3/schemas/{type}", "p424242_spare", "", `{"labels":{"singular":"S","plural":"Ss"},"description":"More of them.","secondaryDisplayProperties":["serial"]}`, objectSchema{}},
	{"DELETE /crm/v3/schemas/{type}", "p424242_spare", "", "", nil},
	{"GET /crm/v3/pipelines/{type}", "deals", "", "", hubspot.Page[pipeline]{}},
	{"GET /crm/v3/pipelines/{type}/{pipeline}", "tickets/0", "", "", pipeline{}},
	{"GET /crm/v3/pipelines/{type}/{pipeline}/stages", "contacts/contacts-lifecycle-pipeline", "", "", hubspot.Page[pipelineStage]{}},
	{"POST /crm/v3/pipelines/{type}/{pipeline}/stages", "contacts/contacts-lifecycle-pipeline", "", `{"label":"Champion","displayOrder":1,"metadata":{}}`, pipelineStage{}},
	{"GET /crm/v3/pipelines/{type}/{pipeline}/stages/{stage}", "contacts/contacts-lifecycle-pipeline/lead", "", "", pipelineStage{}},
	{"PATCH /crm/v3/pipelines/{type}/{pipeline}/stages/{stage}", "contacts/contacts-lifecycle-pipeline/lead", "", `{"label":"Prospect","displayOrder":2}`, pipelineStage{}},
	{"PUT /crm/v3/pipelines/{type}/{pipeline}/stages/{stage}", "contacts/contacts-lifecycle-pipeline/lead", "", `{"label":"Prospect","displayOrder":0,"metadata":{}}`, pipelineStage{}},
	{"DELETE /crm/v3/pipelines/{type}/{pipeline}/stages/{stage}", "contacts/contacts-lifecycle-pipeline/lead", "", "", nil},
	{"GET /crm/v3/limits/custom-properties", "", "", "", propertyLimits{}},
	{"GET /crm/v3/limits/associations/labels", "", "", "", hubspot.Page[labelUsage]{}},
	{"GET /crm/v3/owners/{id}", "501", "idProperty=id", "", hubspot.Owner{}},
	{"GET /crm/v3/property-validations/{type}", "0-1", "", "", hubspot.Page[hubspot.PropertyRules]{}},
	{"GET /crm/v3/owners", "", "limit=1&email=raj@acme.example", "", hubspot.Page[hubspot.Owner]{}},
	{"POST /oauth/v2/private-apps/get/access-token-info", "", "", `{"tokenKey":"x"}`, hubspot.TokenInfo{}},
	{"GET /account-info/v3/details", "", "", "", hubspot.Account{}},
}

// operations are the API's by their first path.
var operations = func() map[string]portal.Operation {
	all := make(map[string]portal.Operation)
	for _, o := range portal.Operations() {
		all[o.String()] = o
	}
	return all
}()

// versions stand for {version} in a path.
var versions = []string{"2026-03", "2026-09"}

// path puts values for the names of an operation's path, in one of its versions,
// the first of them for 0.
func path(o portal.Operation, version int, values string) string {
	pattern, date := o.Patterns[0], ""
	if rest := o.Patterns[1:]; version > 0 && len(rest) > 0 {
		pattern = rest[(version-1)/len(versions)%len(rest)]
		date = versions[(version-1)%len(versions)]
	}
	given := strings.Split(values, "/")
	segments := strings.Split(pattern, "/")
	for i, segment := range segments {
		switch {
		case segment == "{version}":
			segments[i] = date
		case strings.HasPrefix(segment, "{") && len(given) > 0:
			segments[i], given = url.PathEscape(given[0]), given[1:]
		}
	}
	return strings.Join(segments, "/")
}

// Every operation is reached by a sample and answers it with success, by every
// version of its path.
func TestSamplesReachEveryOperation(t *testing.T) {
	t.Parallel()
	reached := map[string]bool{}
	count := 1 + len(versions)*2
	if testing.Short() {
		count = 1 // a portal for each sample and version takes its time under -race
	}
	for version := range count {
		for _, s := range samples {
			if version > len(versions)*(len(operations[s.operation].Patterns)-1) {
				continue
			}
			p := crowded(t)
			o, ok := operations[s.operation]
			if !ok {
				t.Fatalf("no operation is called %s", s.operation)
			}
			before := p.Requests()
			got := ask(t, p, o.Method, path(o, version, s.values)+"?"+s.query, s.body)
			if got.Status >= 300 || (got.Body == "") != (s.answer == nil) {
				t.Errorf("%s in version %d answered %d: %s", s.operation, version, got.Status, got.Body)
				continue
			}
			for label := range p.Requests().Since(before) {
				if operation(label) != operation(s.operation) {
					t.Errorf("a request for %s came to %s", s.operation, label)
				}
				reached[s.operation] = true
			}
		}
	}
	for name := range operations {
		if !reached[name] {
			t.Errorf("no sample is for %s: add one to sample_test.go", name)
		}
	}
}
