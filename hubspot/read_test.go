package hubspot_test

import (
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/hubspot"
)

func readRequest(property string, inputs ...string) hubspot.BatchReadRequest {
	request := hubspot.BatchReadRequest{Properties: []string{"phone"}, IDProperty: property}
	for _, input := range inputs {
		request.Inputs = append(request.Inputs, hubspot.RecordID{ID: hubspot.FlexID(input)})
	}
	return request
}

// found is what a read says: "asked=id" for what is there, "-asked" for the rest.
func found(result hubspot.ReadResult) []string {
	var all []string
	for _, f := range result.Found {
		all = append(all, f.Asked+"="+f.Object.ID)
	}
	for _, missing := range result.Missing {
		all = append(all, "-"+missing)
	}
	return all
}

func contact(id, email string, more ...string) string {
	properties := fmt.Sprintf(`"email":%q`, email)
	for i := 0; i < len(more); i += 2 {
		properties += fmt.Sprintf(`,%q:%q`, more[i], more[i+1])
	}
	return fmt.Sprintf(`{"id":%q,"properties":{%s}}`, id, properties)
}

func notFound(ids ...string) string {
	return `{"status":"error","category":"OBJECT_NOT_FOUND","message":"Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid.","context":{"ids":["` + strings.Join(ids, `","`) + `"]}}`
}

func TestBatchReadAccounts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		request hubspot.BatchReadRequest
		answers []string
		want    []string
		asked   int
	}{
		"by id, in another order": {readRequest("", "1", "2"), []string{envelope(contact("2", "b@x.org")+","+contact("1", "a@x.org"), "")}, []string{"1=1", "2=2"}, 1},
		"some missing":            {readRequest("", "1", "2", "3"), []string{envelope(contact("2", "b@x.org"), notFound("3", "1"))}, []string{"2=2", "-1", "-3"}, 1},
		"by address, any case":    {readRequest("email", "A@x.org", "b@X.org "), []string{envelope(contact("1", "a@x.org"), notFound("B@x.org"))}, []string{"A@x.org=1", "-b@X.org "}, 1},
		"by a second address":     {readRequest("email", "a@x.org", "old@x.org"), []string{envelope(contact("1", "new@x.org", "hs_additional_emails", "older@x.org;OLD@x.org"), notFound("a@x.org"))}, []string{"old@x.org=1", "-a@x.org"}, 1},
		"two addresses of one":    {readRequest("email", "a@x.org", "b@x.org"), []string{envelope(contact("1", "a@x.org", "hs_additional_emails", "b@x.org"), "")}, []string{"a@x.org=1", "b@x.org=1"}, 1},
		"by a unique property":    {readRequest("crm_id", "X1", "x1"), []string{envelope(contact("1", "a@x.org", "crm_id", "X1"), notFound("x1"))}, []string{"X1=1", "-x1"}, 1},
		"merged":                  {readRequest("", "1", "2"), []string{envelope(contact("9", "a@x.org")+","+contact("2", "b@x.org"), "")}, []string{"1=9", "2=2"}, 1},
		"merged, as the record says": {
			readRequest("", "1", "2", "3"),
			[]string{envelope(contact("9", "a@x.org", "hs_merged_object_ids", "1;2"), notFound("3"))},
			[]string{"1=9", "2=9", "-3"},
			1,
		},
		"two merged: each is asked for": {
			readRequest("", "1", "2"),
			[]string{envelope(contact("8", "a@x.org")+","+contact("9", "b@x.org"), ""), envelope(contact("9", "b@x.org"), ""), envelope(contact("8", "a@x.org"), "")},
			[]string{"1=9", "2=8"},
			3,
		},
		"merged into one: each is asked for": {
			readRequest("", "1", "2", "3"),
			[]string{envelope(contact("9", "a@x.org"), ""), envelope(contact("9", "a@x.org"), ""), envelope(contact("9", "a@x.org"), ""), envelope("", notFound("3"))},
			[]string{"1=9", "2=9", "-3"},
			4,
		},
		"passed over, then found": {readRequest("", "1", "2"), []string{envelope(contact("1", "a@x.org"), ""), envelope(contact("2", "b@x.org"), "")}, []string{"1=1", "2=2"}, 2},
		"passed over twice":       {readRequest("", "1", "2"), []string{envelope(contact("1", "a@x.org"), ""), envelope("", "")}, []string{"1=1", "-2"}, 2},
		"the same input twice":    {readRequest("email", "a@x.org", "A@x.org"), []string{envelope(contact("1", "a@x.org"), "")}, []string{"a@x.org=1"}, 1},
		"the same record twice":   {readRequest("", "1"), []string{envelope(contact("1", "a@x.org")+","+contact("1", "a@x.org"), "")}, []string{"1=1"}, 1},
		"nothing asked":           {readRequest(""), []string{``}, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &script{}
			for _, answer := range test.answers {
				s.answers = append(s.answers, says(207, answer))
			}
			result, err := local(t, s).BatchRead(t.Context(), "contacts", test.request, false)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, found(result)); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
			if len(s.asked) != test.asked {
				t.Errorf("%d requests, want %d: %q", len(s.asked), test.asked, s.asked)
			}
		})
	}
}

// A read by address asks for what it takes to recognise a further address.
func TestBatchReadRequest(t *testing.T) {
	t.Parallel()
	s := &script{answers: []carrier{says(207, envelope("", notFound("a@x.org")))}}
	if _, err := local(t, s).BatchRead(t.Context(), "contacts", readRequest("email", "a@x.org"), true); err != nil {
		t.Fatal(err)
	}
	want := []string{`POST /crm/v3/objects/contacts/batch/read?archived=true {"properties":["phone","email","hs_additional_emails"],"idProperty":"email","inputs":[{"id":"a@x.org"}]}`}
	if diff := cmp.Diff(want, s.asked); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
}

// A read takes as many inputs as HubSpot does, with histories half of them.
func TestBatchReadTakesNoMoreThanFit(t *testing.T) {
	t.Parallel()
	s := &script{answers: []carrier{says(500, "{}")}}
	inputs := make([]string, hubspot.MaxBatch+1)
	for i := range inputs {
		inputs[i] = fmt.Sprint(i + 1)
	}
	histories := readRequest("", inputs[:hubspot.MaxHistoryRead+1]...)
	histories.PropertiesWithHistory = []string{"email"}
	for _, request := range []hubspot.BatchReadRequest{readRequest("", inputs...), histories} {
		if _, err := local(t, s).BatchRead(t.Context(), "contacts", request, false); err == nil || !strings.Contains(err.Error(), "fit a batch") {
			t.Errorf("%d inputs: %v", len(request.Inputs), err)
		}
	}
	if len(s.asked) > 0 {
		t.Errorf("asked %q", s.asked)
	}
}

// An answer without results is not an empty list: an empty portal would be.
func TestListWithoutResults(t *testing.T) {
	t.Parallel()
	client := local(t, says(200, `{"status":"COMPLETE"}`))
	if _, err := collect(client.Objects(t.Context(), "contacts", hubspot.ListOptions{}), objectID); !errors.Is(err, hubspot.ErrNotHubSpot) {
		t.Errorf("list: error %v, want ErrNotHubSpot", err)
	}
	if _, err := client.BatchRead(t.Context(), "contacts", readRequest("", "1"), false); !errors.Is(err, hubspot.ErrNotHubSpot) {
		t.Errorf("batch read: error %v, want ErrNotHubSpot", err)
	}
}

func TestBatchReadContradictions(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{
		"a stranger":            envelope(contact("1", "a@x.org")+","+contact("2", "b@x.org")+","+contact("3", "c@x.org"), ""),
		"found and missing":     envelope(contact("1", "a@x.org")+","+contact("2", "b@x.org"), notFound("2")),
		"two under one address": envelope(contact("1", "a@x.org")+","+contact("3", "A@x.org"), ""),
		"without id":            envelope(`{"properties":{}}`, ""),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			request := readRequest("email", "a@x.org", "b@x.org")
			if name == "found and missing" {
				request = readRequest("", "1", "2")
			}
			result, err := local(t, says(200, answer)).BatchRead(t.Context(), "contacts", request, false)
			if !errors.Is(err, hubspot.ErrInconsistent) {
				t.Errorf("result %v, error %v; want ErrInconsistent", result, err)
			}
		})
	}
	other := envelope("", `{"category":"MISSING_SCOPES","message":"no"}`)
	if _, err := local(t, says(207, other)).BatchRead(t.Context(), "contacts", readRequest("", "1"), false); !errors.Is(err, hubspot.ErrMissingScopes) {
		t.Errorf("error %v, want ErrMissingScopes", err)
	}
}

// An address that an archived contact set free may lead to several archived ones: to
// the last of them.
func TestArchivedContactsMayShareAnAddress(t *testing.T) {
	t.Parallel()
	binned := func(id, email, at string, more ...string) string {
		return strings.TrimSuffix(contact(id, email, more...), "}") + `,"archived":true,"archivedAt":"2026-11-0` + at + `T10:00:00.000Z"}`
	}
	for _, results := range [][]string{
		{binned("1", "a@x.org", "1"), binned("2", "b@x.org", "2", "hs_additional_emails", "a@x.org")},
		{binned("2", "b@x.org", "2", "hs_additional_emails", "a@x.org"), binned("1", "a@x.org", "1")},
	} {
		result, err := local(t, says(200, envelope(strings.Join(results, ","), ""))).BatchRead(t.Context(), "contacts", readRequest("email", "a@x.org", "b@x.org"), true)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"a@x.org=2", "b@x.org=2"}, found(result)); diff != "" {
			t.Errorf("found (-want +got):\n%s", diff)
		}
	}
}

// The law of reading: each input is found as the record it names or missing,
// whatever order the answer has and whether or not it mentions the missing.
func TestReadAccountingModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		count := rapid.IntRange(1, 100).Draw(t, "inputs")
		var inputs, results, missing, there, gone []string
		for i := range count {
			email := fmt.Sprintf("c%d@example.com", i)
			inputs = append(inputs, email)
			switch rapid.SampledFrom([]string{"found", "second", "missing", "silent"}).Draw(t, "fate") {
			case "found":
				results, there = append(results, contact(fmt.Sprint(i), strings.ToUpper(email))), append(there, fmt.Sprint(email, "=", i))
			case "second":
				results = append(results, contact(fmt.Sprint(i), "p"+email, "hs_additional_emails", "x@example.com;"+email))
				there = append(there, fmt.Sprint(email, "=", i))
			case "missing":
				missing, gone = append(missing, email), append(gone, "-"+email)
			case "silent":
				gone = append(gone, "-"+email)
			}
		}
		answer := envelope(strings.Join(rapid.Permutation(results).Draw(t, "order"), ","), notFound(missing...))
		s := &script{answers: []carrier{says(207, answer), says(207, envelope("", ""))}}
		client, err := hubspot.New(hubspot.Options{BaseURL: "http://localhost", Transport: s})
		if err != nil {
			t.Fatal(err)
		}
		result, err := client.BatchRead(t.Context(), "contacts", readRequest("email", inputs...), false)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(append(there, gone...), found(result)); diff != "" {
			t.Errorf("result (-want +got):\n%s", diff)
		}
	})
}

func collect[T any](pages iter.Seq2[[]T, error], name func(T) string) ([]string, error) {
	var all []string
	for page, err := range pages {
		if err != nil {
			return all, err
		}
		for _, item := range page {
			all = append(all, name(item))
		}
	}
	return all, nil
}

func objectID(o hubspot.Object) string { return o.ID }

func page(after string, ids ...string) string {
	var results []string
	for _, id := range ids {
		results = append(results, `{"id":"`+id+`"}`)
	}
	body := `{"results":[` + strings.Join(results, ",") + `]`
	if after != "" {
		body += `,"paging":{"next":{"after":"` + after + `","link":"https://elsewhere.example/steal"}}`
	}
	return body + `}`
}

func TestListFollowsCursors(t *testing.T) {
	t.Parallel()
	s := &script{answers: []carrier{says(200, page("3", "1", "2")), says(200, page("5", "2", "3", "x", "03")), says(200, page("", "x", "3", "9"))}}
	options := hubspot.ListOptions{Properties: []string{"email", "phone"}, Associations: []string{"companies"}, Archived: true}
	ids, err := collect(local(t, s).Objects(t.Context(), "contacts", options), objectID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"1", "2", "3", "x", "03", "9"}, ids); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
	const query = "archived=true&associations=companies&limit=100&properties=email%2Cphone"
	want := []string{
		"GET /crm/v3/objects/contacts?" + query,
		"GET /crm/v3/objects/contacts?after=3&" + query,
		"GET /crm/v3/objects/contacts?after=5&" + query,
	}
	if diff := cmp.Diff(want, s.asked); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// What a page holds counts, not how many there should be; a record without an id is none.
func TestListOfStrangePages(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answers []carrier
		want    []string
		err     error
	}{
		"more than the limit":  {[]carrier{says(200, page("3", "1", "2", "3")), says(200, page("", "4"))}, []string{"1", "2", "3", "4"}, nil},
		"an empty one between": {[]carrier{says(200, page("3", "1")), says(200, page("7")), says(200, page("", "4"))}, []string{"1", "4"}, nil},
		"null":                 {[]carrier{says(200, `{"results":null}`)}, nil, nil},
		"ids as numbers":       {[]carrier{says(200, `{"results":[{"id":1},{"id":"2"}]}`)}, []string{"1", "2"}, nil},
		"ids left out":         {[]carrier{says(200, `{"results":[{"id":"1"},{"properties":{"email":"ada@example.com"}}]}`)}, nil, hubspot.ErrInconsistent},
		"results as text":      {[]carrier{says(200, `{"results":"none"}`)}, nil, hubspot.ErrNotHubSpot},
		"cursor as a number":   {[]carrier{says(200, `{"results":[{"id":"1"}],"paging":{"next":{"after":3}}}`)}, nil, hubspot.ErrNotHubSpot},
	} {
		got, err := collect(local(t, &script{answers: test.answers}).Objects(t.Context(), "contacts", hubspot.ListOptions{Limit: 2}), objectID)
		if !matches(err, test.err) {
			t.Errorf("%s: error %v, want %v", name, err, test.err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A list is a value: walking it again begins at its beginning.
func TestListsCanBeWalkedAgain(t *testing.T) {
	t.Parallel()
	s := &script{answers: []carrier{says(200, page("3", "1")), says(200, page("", "3"))}}
	s.answers = append(s.answers, append(s.answers, append(s.answers, s.answers...)...)...)
	client := local(t, s)
	list := client.Objects(t.Context(), "contacts", hubspot.ListOptions{})
	search := client.Search(t.Context(), "contacts", hubspot.SearchRequest{})
	for _, again := range []iter.Seq2[[]hubspot.Object, error]{list, list, search, search} {
		if _, err := collect(again, objectID); err != nil {
			t.Fatal(err)
		}
	}
	if first, second := s.asked[0], s.asked[2]; first != second || contains(second, "after") {
		t.Errorf("the list began with %q, then with %q", first, second)
	}
	if first, second := s.asked[4], s.asked[6]; first != second || contains(second, "after") {
		t.Errorf("the search began with %q, then with %q", first, second)
	}
}

func TestCursorLoopEnds(t *testing.T) {
	t.Parallel()
	client := local(t, &script{answers: []carrier{says(200, page("3", "1")), says(200, page("4", "2")), says(200, page("3", "3"))}})
	if _, err := collect(client.Objects(t.Context(), "contacts", hubspot.ListOptions{}), objectID); !errors.Is(err, hubspot.ErrInconsistent) {
		t.Errorf("error %v, want ErrInconsistent", err)
	}
	if _, err := local(t, says(200, page("3", "1"))).Owners(t.Context(), false); !errors.Is(err, hubspot.ErrInconsistent) {
		t.Errorf("owners: error %v, want ErrInconsistent", err)
	}
	paged := envelope(`{"from":{"id":1},"to":[],"paging":{"next":{"after":"5"}}}`, "")
	if _, err := local(t, says(200, paged)).AssociationsOf(t.Context(), "contacts", "companies", []string{"1"}); !errors.Is(err, hubspot.ErrInconsistent) {
		t.Errorf("associations: error %v, want ErrInconsistent", err)
	}
}

func TestAssociationsOfFollowsRecords(t *testing.T) {
	t.Parallel()
	to := func(id, typeID int) string {
		return fmt.Sprintf(`{"toObjectId":%d,"associationTypes":[{"category":"HUBSPOT_DEFINED","typeId":279,"label":null},{"category":"HUBSPOT_DEFINED","typeId":%d,"label":"Primary"}]}`, id, typeID)
	}
	s := &script{answers: []carrier{
		says(207, envelope(`{"from":{"id":"3"},"to":[`+to(9, 1)+`]},{"from":{"id":"1"},"to":[`+to(7, 1)+`],"paging":{"next":{"after":"c1"}}}`,
			`{"category":"OBJECT_NOT_FOUND","subCategory":"crm.associations.NO_ASSOCIATIONS_FOUND","context":{"fromObjectId":["2"]}}`)),
		says(200, envelope(`{"from":{"id":"1"},"to":[`+to(7, 2)+`,`+to(8, 1)+`]}`, "")),
	}}
	records, err := local(t, s).AssociationsOf(t.Context(), "contacts", "companies", []string{"1", "2", "3", "1"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, record := range records {
		for _, other := range record.To {
			for _, label := range other.AssociationTypes {
				got = append(got, fmt.Sprint(record.From.ID, "-", other.ToObjectID, ":", label.TypeID))
			}
		}
	}
	if diff := cmp.Diff([]string{"1-7:279", "1-7:1", "1-7:2", "1-8:279", "1-8:1", "3-9:279", "3-9:1"}, got); diff != "" {
		t.Errorf("associations (-want +got):\n%s", diff)
	}
	want := []string{
		`POST /crm/v4/associations/contacts/companies/batch/read {"inputs":[{"id":"1"},{"id":"2"},{"id":"3"}]}`,
		`POST /crm/v4/associations/contacts/companies/batch/read {"inputs":[{"id":"1","after":"c1"}]}`,
	}
	if diff := cmp.Diff(want, s.asked); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestSearchBounds(t *testing.T) {
	t.Parallel()
	filter := func(value string) hubspot.SearchRequest {
		return hubspot.SearchRequest{FilterGroups: []hubspot.FilterGroup{{Filters: []hubspot.Filter{{PropertyName: "domain", Operator: "IN", Values: []string{value}}}}}}
	}
	s := &script{answers: []carrier{says(200, `{"total":3,`+page("2", "1", "2")[1:]), says(200, `{"total":3,`+page("", "2", "3")[1:])}}
	ids, err := collect(local(t, s).Search(t.Context(), "companies", filter("x.org")), objectID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"1", "2", "3"}, ids); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
	want := `POST /crm/v3/objects/companies/search {"filterGroups":[{"filters":[{"propertyName":"domain","operator":"IN","values":["x.org"]}]}],"limit":200,"after":"2"}`
	if diff := cmp.Diff(want, s.asked[1]); diff != "" {
		t.Errorf("second request (-want +got):\n%s", diff)
	}
	broad := local(t, says(200, `{"total":10001,`+page("200", "1")[1:]))
	if ids, err := collect(broad.Search(t.Context(), "companies", filter("x")), objectID); !errors.Is(err, hubspot.ErrSearchTooBroad) || len(ids) != 0 {
		t.Errorf("ids %v, error %v; want ErrSearchTooBroad alone", ids, err)
	}
	loop := local(t, says(200, page("2", "1")))
	if _, err := collect(loop.Search(t.Context(), "companies", filter("x")), objectID); !errors.Is(err, hubspot.ErrInconsistent) {
		t.Errorf("error %v, want ErrInconsistent", err)
	}
	long := local(t, says(200, page("")))
	if _, err := collect(long.Search(t.Context(), "companies", filter(strings.Repeat("x", 3000))), objectID); err == nil || long.Requests() != 0 {
		t.Errorf("error %v after %d requests, want one before any", err, long.Requests())
	}
}

func TestURLFits(t *testing.T) {
	t.Parallel()
	reader := local(t, says(200, "")).Reader
	for properties, want := range map[int]bool{10: true, 300: true, 1000: false} {
		options := hubspot.ListOptions{}
		for i := range properties {
			options.Properties = append(options.Properties, fmt.Sprintf("a_property_%d", i))
		}
		if got := reader.URLFits("contacts", options); got != want {
			t.Errorf("%d properties: fits %v, want %v", properties, got, want)
		}
	}
}
