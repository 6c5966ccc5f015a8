package portal_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// changing are the parts of a body that differ from run to run.
var changing = []struct {
	form *regexp.Regexp
	word string
}{
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`), "UUID"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`), "TIME"},
	{regexp.MustCompile(`\b\d{11}\b`), "ID"},
}

func normalise(body string) string {
	for _, c := range changing {
		body = c.form.ReplaceAllString(body, c.word)
	}
	return body
}

// The bodies that HubSpot documents, or that were seen in its answers, byte for
// byte but for ids and times.
func TestBodiesAreHubSpots(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{AccountID: "891936587"})
	add(t, p, "contacts", `{"email":"taken@example.com"}`)
	tests := map[string]struct {
		status             int
		method, path, body string
		want               string
	}{
		"unknown property": {
			400, "POST", "/crm/v3/objects/contacts", `{"properties":{"testproperty":"x","email":"a@example.com"}}`,
			`{"status":"error","message":"Property values were not valid: [{\"isValid\":false,\"message\":\"Property \\\"testproperty\\\" does not exist\",\"error\":\"PROPERTY_DOESNT_EXIST\",\"name\":\"testproperty\",\"localizedErrorMessage\":\"Property \\\"testproperty\\\" does not exist\",\"portalId\":891936587}]","correlationId":"UUID","errors":[{"message":"Property \"testproperty\" does not exist","code":"PROPERTY_DOESNT_EXIST","context":{"propertyName":["testproperty"]}}],"category":"VALIDATION_ERROR"}`,
		},
		"several problems in order": {
			400, "POST", "/crm/v3/objects/contacts", `{"properties":{"email":"nobody","hs_object_id":"1","zzz":"x"}}`,
			`{"status":"error","message":"Property values were not valid: [{\"isValid\":false,\"message\":\"Property \\\"zzz\\\" does not exist\",\"error\":\"PROPERTY_DOESNT_EXIST\",\"name\":\"zzz\",\"localizedErrorMessage\":\"Property \\\"zzz\\\" does not exist\",\"portalId\":891936587},{\"isValid\":false,\"message\":\"\\\"hs_object_id\\\" is a calculated property; its value cannot be set\",\"error\":\"READ_ONLY_VALUE\",\"name\":\"hs_object_id\",\"localizedErrorMessage\":\"\\\"hs_object_id\\\" is a calculated property; its value cannot be set\",\"portalId\":891936587},{\"isValid\":false,\"message\":\"Email address nobody is invalid\",\"error\":\"INVALID_EMAIL\",\"name\":\"email\"}]","correlationId":"UUID","errors":[{"message":"Property \"zzz\" does not exist","code":"PROPERTY_DOESNT_EXIST","context":{"propertyName":["zzz"]}},{"message":"\"hs_object_id\" is a calculated property; its value cannot be set","code":"READ_ONLY_VALUE","context":{"propertyName":["hs_object_id"]}},{"message":"Email address nobody is invalid","code":"INVALID_EMAIL","context":{"propertyName":["email"]}}],"category":"VALIDATION_ERROR"}`,
		},
		"taken address": {
			409, "POST", "/crm/v3/objects/contacts", `{"properties":{"email":"TAKEN@example.com"}}`,
			`{"status":"error","message":"Contact already exists. Existing ID: ID","correlationId":"UUID","category":"CONFLICT"}`,
		},
		"101 inputs": {
			400, "POST", "/crm/v3/objects/contacts/batch/create", `{"inputs":[` + strings.TrimSuffix(strings.Repeat(`{"properties":{}},`, 101), ",") + `]}`,
			`{"status":"error","message":"The maximum number of inputs supported in a batch is 100. Please reduce the number of items and try again","correlationId":"UUID","category":"VALIDATION_ERROR"}`,
		},
		"batch read of unknown ids": {
			207, "POST", "/crm/v3/objects/contacts/batch/read", `{"inputs":[{"id":"8380080352"},{"id":"8144745976"},{"id":"8380080352"}]}`,
			`{"status":"COMPLETE","results":[],"startedAt":"TIME","completedAt":"TIME","numErrors":1,"errors":[{"status":"error","category":"OBJECT_NOT_FOUND","message":"Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid.","context":{"ids":["8380080352","8144745976"]}}]}`,
		},
		"batch update by email": {
			400, "POST", "/crm/v3/objects/contacts/batch/update", `{"inputs":[{"id":"taken@example.com","idProperty":"email","properties":{}}]}`,
			`{"status":"error","message":"Unable to perform update/upsert by non-unique 0-1 property email in portal ID 891936587","correlationId":"UUID","category":"VALIDATION_ERROR"}`,
		},
		"the same id twice in an update": {
			400, "POST", "/crm/v3/objects/contacts/batch/update", `{"inputs":[{"id":"7","properties":{}},{"id":"7","properties":{}}]}`,
			`{"status":"error","message":"Duplicate IDs found in batch input: [7]. IDs must be unique","correlationId":"UUID","category":"VALIDATION_ERROR"}`,
		},
		"an unknown object type": {
			400, "GET", "/crm/v3/objects/unicorns", "",
			`{"status":"error","message":"Unable to infer object type from: unicorns","correlationId":"UUID","category":"VALIDATION_ERROR"}`,
		},
		"an id that is no number": {
			404, "GET", "/crm/v3/objects/contacts/ada", "",
			`{"status":"error","message":"Object not found.  objectId are usually numeric.","correlationId":"UUID","context":{"id":["ada"]},"category":"OBJECT_NOT_FOUND"}`,
		},
		"an id that nobody has": {
			404, "GET", "/crm/v3/objects/contacts/12", "",
			`{"status":"error","message":"resource not found","correlationId":"UUID"}`,
		},
		"a wrong option": {
			400, "POST", "/crm/v3/objects/tickets", `{"properties":{"subject":"x","hs_ticket_priority":"SOON"}}`,
			`{"status":"error","message":"Property values were not valid: [{\"isValid\":false,\"message\":\"SOON was not one of the allowed options: [LOW, MEDIUM, HIGH, URGENT]\",\"error\":\"INVALID_OPTION\",\"name\":\"hs_ticket_priority\",\"localizedErrorMessage\":\"SOON was not one of the allowed options: [LOW, MEDIUM, HIGH, URGENT]\",\"portalId\":891936587}]","correlationId":"UUID","errors":[{"message":"SOON was not one of the allowed options: [LOW, MEDIUM, HIGH, URGENT]","code":"INVALID_OPTION","context":{"propertyName":["hs_ticket_priority"]}}],"category":"VALIDATION_ERROR"}`,
		},
		"broken JSON": {
			400, "POST", "/crm/v3/objects/contacts", "{\"properties\":\n {,",
			`{"status":"error","message":"Invalid input JSON on line 2, column 3: Unexpected character or end of input","correlationId":"UUID","category":"VALIDATION_ERROR"}`,
		},
		"labels": {
			200, "GET", "/crm/v4/associations/contacts/companies/labels", "",
			`{"results":[{"category":"HUBSPOT_DEFINED","typeId":1,"label":"Primary"},{"category":"HUBSPOT_DEFINED","typeId":279,"label":null},{"category":"HUBSPOT_DEFINED","typeId":931,"label":"Billing Contact"}]}`,
		},
		"account": {
			200, "GET", "/account-info/2026-03/details", "",
			`{"portalId":891936587,"accountType":"LOCAL","timeZone":"UTC","companyCurrency":"EUR","additionalCurrencies":[],"utcOffset":"+00:00","utcOffsetMilliseconds":0,"uiDomain":"portal.test","dataHostingLocation":"local"}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := want(t, p, test.status, test.method, test.path, test.body)
			if diff := cmp.Diff(test.want, normalise(got.Body)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if kind := got.Header.Get("Content-Type"); kind != "application/json;charset=utf-8" {
				t.Errorf("the content type is %q", kind)
			}
		})
	}
}

func TestCorrelationIDStandsInBodyAndHeader(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	var body struct {
		CorrelationID string `json:"correlationId"`
	}
	got := want(t, p, 404, "GET", "/crm/v3/objects/contacts/12", "")
	got.JSON(t, &body)
	if header := got.Header.Get("X-HubSpot-Correlation-Id"); header == "" || header != body.CorrelationID {
		t.Errorf("the header says %q, the body %q", header, body.CorrelationID)
	}
	if again := want(t, p, 404, "GET", "/crm/v3/objects/contacts/12", ""); again.Header.Get("X-HubSpot-Correlation-Id") == body.CorrelationID {
		t.Error("two requests have one correlation id")
	}
}

func TestWhatIsNoOperationIsAnsweredInHTML(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	for path, status := range map[string]int{
		"GET /crm/v3/nothing":                        404,
		"GET /":                                      404,
		"GET /crm/objects/2025-01/contacts":          404,
		"PUT /crm/v3/objects/contacts":               405,
		"GET /crm/v3/objects/contacts/batch/create/": 405,
		"DELETE /crm/v3/objects/contacts/search":     204, // an id that never existed
	} {
		method, path, _ := strings.Cut(path, " ")
		got := ask(t, p, method, path, "")
		if got.Status != status {
			t.Errorf("%s %s answered %d, not %d", method, path, got.Status, status)
		}
		if status >= 400 && !strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%s %s answered %q", method, path, got.Header.Get("Content-Type"))
		}
	}
}
