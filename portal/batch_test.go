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

type batch struct {
	Results   []object `json:"results"`
	NumErrors int      `json:"numErrors"`
	Errors    []struct {
		Category    string              `json:"category"`
		SubCategory string              `json:"subCategory"`
		Message     string              `json:"message"`
		Context     map[string][]string `json:"context"`
	} `json:"errors"`
}

// emails are the addresses of a batch's results, sorted.
func (b batch) emails() []string {
	var all []string
	for _, o := range b.Results {
		all = append(all, o.text("email"))
	}
	slices.Sort(all)
	return all
}

func askBatch(t *testing.T, p *portal.Portal, status int, path, inputs string) batch {
	t.Helper()
	var b batch
	want(t, p, status, "POST", path, `{"inputs":[`+inputs+`]}`).JSON(t, &b)
	return b
}

// contacts counts the live contacts.
func contacts(t *testing.T, p *portal.Portal) int64 {
	t.Helper()
	stats, err := p.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return stats.Objects["contact"].Live
}

func TestBatchCreateWithoutTraceIDsIsAllOrNothing(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	for name, inputs := range map[string]string{
		"a bad value":        `{"properties":{"email":"a@example.com"}},{"properties":{"email":"nobody"}}`,
		"an address twice":   `{"properties":{"email":"a@example.com"}},{"properties":{"email":"A@example.com"}}`,
		"half the trace ids": `{"properties":{"email":"a@example.com"},"objectWriteTraceId":"1"},{"properties":{"email":"nobody"}}`,
		"one trace id twice": `{"properties":{"email":"a@example.com"},"objectWriteTraceId":"1"},{"properties":{"email":"nobody"},"objectWriteTraceId":"1"}`,
		"an unknown company": `{"properties":{"email":"a@example.com"}},{"properties":{"email":"b@example.com"},"associations":[{"to":{"id":5},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":279}]}]}`,
	} {
		got := ask(t, p, "POST", "/crm/v3/objects/contacts/batch/create", `{"inputs":[`+inputs+`]}`)
		if got.Status < 400 || got.Status >= 500 {
			t.Errorf("%s answered %d: %s", name, got.Status, got.Body)
		}
		if n := contacts(t, p); n != 0 {
			t.Errorf("%s left %d contacts", name, n)
		}
	}
	got := want(t, p, 409, "POST", "/crm/v3/objects/contacts/batch/create", `{"inputs":[{"properties":{"email":"a@example.com"}},{"properties":{"email":"a@example.com"}}]}`)
	if strings.Contains(got.Body, "Existing ID") {
		t.Errorf("the refusal names a contact that was never created: %s", got.Body)
	}
}

func TestBatchCreateWithTraceIDsKeepsTheGoodOnes(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{RequiredOnCreate: []string{"firstname"}})
	add(t, p, "contacts", `{"email":"taken@example.com","firstname":"T"}`)
	b := askBatch(t, p, 207, "/crm/objects/2026-09/contacts/batch/create", strings.Join([]string{
		`{"objectWriteTraceId":"good","properties":{"email":"good@example.com","firstname":"G"}}`,
		`{"objectWriteTraceId":"taken","properties":{"email":"taken@example.com","firstname":"T"}}`,
		`{"objectWriteTraceId":"twice","properties":{"email":"good@example.com","firstname":"G"}}`,
		`{"objectWriteTraceId":"bad","properties":{"email":"bad@example.com","firstname":"B","nope":"x"}}`,
		`{"objectWriteTraceId":"required","properties":{"email":"required@example.com"}}`,
		`{"objectWriteTraceId":"secondary","properties":{"email":"free@example.com","firstname":"F","hs_additional_emails":"also@example.com;taken@example.com"}}`,
		`{"objectWriteTraceId":"after","properties":{"email":"also@example.com","firstname":"A"}}`,
	}, ","))
	if diff := cmp.Diff([]string{"also@example.com", "good@example.com"}, b.emails()); diff != "" {
		t.Errorf("created (-want +got):\n%s", diff)
	}
	failed := map[string]string{}
	for _, e := range b.Errors {
		failed[strings.Join(e.Context["objectWriteTraceId"], ",")] = e.Category
	}
	if diff := cmp.Diff(map[string]string{
		"taken": "CONFLICT", "twice": "CONFLICT", "bad": "VALIDATION_ERROR", "required": "VALIDATION_ERROR", "secondary": "CONFLICT",
	}, failed); diff != "" {
		t.Errorf("failed (-want +got):\n%s", diff)
	}
	for _, o := range b.Results {
		if o.ObjectWriteTraceID == "" {
			t.Errorf("%s has lost its trace id", o.text("email"))
		}
	}
	want(t, p, 404, "GET", "/crm/v3/objects/contacts/free@example.com?idProperty=email", "")
}

func TestBatchUpdateListsMissingIDsAndWritesTheRest(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	a, b := add(t, p, "contacts", `{"email":"a@example.com"}`), add(t, p, "contacts", `{"email":"b@example.com"}`)
	got := askBatch(t, p, 207, "/crm/v3/objects/contacts/batch/update",
		`{"id":"77","properties":{"firstname":"X"}},{"id":"`+a.ID+`","properties":{"firstname":"A"}}`)
	if len(got.Results) != 1 || got.Results[0].text("firstname") != "A" || got.NumErrors != 1 ||
		!cmp.Equal(got.Errors[0].Context, map[string][]string{"ids": {"77"}}) || got.Errors[0].Category != "OBJECT_NOT_FOUND" {
		t.Errorf("answered %+v", got)
	}
	// One bad value, or an address that another contact has, stops all of them.
	for status, second := range map[int]string{400: `{"nope":"x"}`, 409: `{"email":"a@example.com"}`} {
		want(t, p, status, "POST", "/crm/v3/objects/contacts/batch/update",
			`{"inputs":[{"id":"`+a.ID+`","properties":{"firstname":"changed"}},{"id":"`+b.ID+`","properties":`+second+`}]}`)
	}
	var read object
	want(t, p, 200, "GET", "/crm/v3/objects/contacts/"+a.ID, "").JSON(t, &read)
	if read.text("firstname") != "A" {
		t.Errorf("a refused batch left firstname %q", read.text("firstname"))
	}
}

func TestUpsertByEmailSaysWhatIsNew(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	add(t, p, "contacts", `{"email":"old@example.com","lastname":"Kept"}`)
	b := askBatch(t, p, 200, "/crm/v3/objects/contacts/batch/upsert",
		`{"id":"OLD@example.com","idProperty":"email","properties":{"firstname":"O"}},{"id":"new@example.com","idProperty":"email","properties":{"firstname":"N"}}`)
	fresh := map[string]bool{}
	for _, o := range b.Results {
		fresh[o.text("firstname")] = o.New != nil && *o.New
	}
	if diff := cmp.Diff(map[string]bool{"O": false, "N": true}, fresh); diff != "" {
		t.Errorf("new (-want +got):\n%s", diff)
	}
	want(t, p, 400, "POST", "/crm/v3/objects/contacts/batch/upsert",
		`{"inputs":[{"id":"x@example.com","idProperty":"email","properties":{}},{"id":"X@example.com","idProperty":"email","properties":{}}]}`)
	want(t, p, 400, "POST", "/crm/v3/objects/contacts/batch/upsert", `{"inputs":[{"id":"J","idProperty":"jobtitle","properties":{}}]}`)
	if n := contacts(t, p); n != 2 {
		t.Errorf("there are %d contacts", n)
	}
}

func TestBatchArchiveForgivesUnknownIDs(t *testing.T) {
	t.Parallel()
	p := portaltest.New(t, portal.Config{})
	a := add(t, p, "contacts", `{"email":"a@example.com"}`)
	want(t, p, 204, "POST", "/crm/v3/objects/contacts/batch/archive", `{"inputs":[{"id":"`+a.ID+`"},{"id":"99"},{"id":"`+a.ID+`"}]}`)
	if n := contacts(t, p); n != 0 {
		t.Errorf("%d contacts are left", n)
	}
	b := askBatch(t, p, 200, "/crm/v3/objects/contacts/batch/read?archived=true", `{"id":"`+a.ID+`"}`)
	if diff := cmp.Diff([]string{"a@example.com"}, b.emails()); diff != "" {
		t.Errorf("in the bin (-want +got):\n%s", diff)
	}
	var byEmail batch
	want(t, p, 200, "POST", "/crm/v3/objects/contacts/batch/read?archived=true", `{"idProperty":"email","inputs":[{"id":"A@example.com"}]}`).JSON(t, &byEmail)
	if len(byEmail.Results) != 1 || !byEmail.Results[0].Archived {
		t.Errorf("looking in the bin by email found %+v", byEmail)
	}
}

// Results come in no order that a client could rely on, and in the same one for
// the same request.
func TestBatchResultsAreShuffledTheSameWayEachTime(t *testing.T) {
	t.Parallel()
	var inputs []string
	for i := range 50 {
		inputs = append(inputs, fmt.Sprintf(`{"properties":{"email":"c%02d@example.com"}}`, i))
	}
	var orders [2][]string
	for run := range orders {
		p := portaltest.New(t, portal.Config{AccountID: "4711"})
		for _, o := range askBatch(t, p, 201, "/crm/v3/objects/contacts/batch/create", strings.Join(inputs, ",")).Results {
			orders[run] = append(orders[run], o.ID+" "+o.text("email"))
		}
	}
	if diff := cmp.Diff(orders[0], orders[1]); diff != "" {
		t.Errorf("two portals of one account differ (-first +second):\n%s", diff)
	}
	if slices.IsSorted(orders[0]) {
		t.Error("the results come in the order of the inputs")
	}
}
