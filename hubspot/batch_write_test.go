package hubspot_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/hubspot"
)

// told is what a result says, as far as callers may branch on it.
func told(result hubspot.ItemResult) string {
	var refusal *hubspot.Error
	switch {
	case result.Err == nil && result.Object == nil:
		return "done"
	case result.Err == nil:
		return "id " + result.Object.ID
	case errors.Is(result.Err, hubspot.ErrUnknownOutcome):
		return "unknown"
	case errors.As(result.Err, &refusal):
		return refusal.Category
	}
	return "?"
}

func toldAll(results []hubspot.ItemResult) []string {
	var all []string
	for _, result := range results {
		all = append(all, told(result))
	}
	return all
}

func contactInputs(emails ...string) []hubspot.CreateInput {
	inputs := make([]hubspot.CreateInput, len(emails))
	for i, email := range emails {
		inputs[i] = hubspot.CreateInput{Properties: map[string]string{"email": email}, ObjectWriteTraceID: fmt.Sprint("t", i)}
	}
	return inputs
}

// envelope is a batch answer with results and errors.
func envelope(results, failures string) string {
	return `{"status":"COMPLETE","results":[` + results + `],"startedAt":"2026-11-23T10:00:00.000Z","completedAt":"2026-11-23T10:00:00.100Z","numErrors":1,"errors":[` + failures + `]}`
}

func TestBatchCreateAccounts(t *testing.T) {
	t.Parallel()
	const (
		first  = `{"id":"11","properties":{"email":"a@example.com"},"objectWriteTraceId":"t0"}`
		second = `{"id":"12","properties":{"email":"b@example.com"},"objectWriteTraceId":"t1"}`
		third  = `{"id":"13","properties":{"email":"c@example.com"},"objectWriteTraceId":"t2"}`
		failed = `{"status":"error","category":"VALIDATION_ERROR","message":"no","context":{"objectWriteTraceId":["t2"]}}`
	)
	for name, test := range map[string]struct {
		status int
		body   string
		want   []string
	}{
		"all, in another order":         {201, envelope(third+","+first+","+second, ""), []string{"id 11", "id 12", "id 13"}},
		"one refused":                   {207, envelope(second+","+first, failed), []string{"id 11", "id 12", "VALIDATION_ERROR"}},
		"errors under another 2xx":      {200, envelope(second+","+first, failed), []string{"id 11", "id 12", "VALIDATION_ERROR"}},
		"one error for two":             {207, envelope(first, `{"category":"CONFLICT","context":{"objectWriteTraceId":["t2","t1"]}}`), []string{"id 11", "CONFLICT", "CONFLICT"}},
		"by address, in another case":   {201, envelope(`{"id":"11","properties":{"email":"A@Example.com"}},`+second+","+third, ""), []string{"id 11", "id 12", "id 13"}},
		"one passed over":               {207, envelope(first+","+second, ""), []string{"id 11", "id 12", "unknown"}},
		"error that names nobody":       {207, envelope(first+","+second, `{"category":"VALIDATION_ERROR","message":"no"}`), []string{"id 11", "id 12", "unknown"}},
		"null arrays":                   {207, `{"status":"COMPLETE","results":null,"errors":null}`, []string{"unknown", "unknown", "unknown"}},
		"found and refused":             {207, envelope(first+","+second+","+third, failed), []string{"id 11", "id 12", "unknown"}},
		"one record twice":              {201, envelope(first+","+first+","+second+","+third, ""), []string{"unknown", "id 12", "id 13"}},
		"one id for two":                {201, envelope(first+`,{"id":"11","objectWriteTraceId":"t1"},`+third, ""), []string{"unknown", "unknown", "id 13"}},
		"trace and address disagree":    {201, envelope(`{"id":"11","properties":{"email":"b@example.com"},"objectWriteTraceId":"t0"},`+third, ""), []string{"unknown", "unknown", "id 13"}},
		"another address than was sent": {201, envelope(`{"id":"11","properties":{"email":"x@example.com"},"objectWriteTraceId":"t0"},`+second+","+third, ""), []string{"unknown", "id 12", "id 13"}},
		"a stranger among them":         {201, envelope(first+`,{"id":"99","properties":{"email":"x@example.com"},"objectWriteTraceId":"t9"},`+third, ""), []string{"id 11", "unknown", "id 13"}},
		"a record without id":           {201, envelope(`{"properties":{"email":"a@example.com"},"objectWriteTraceId":"t0"},`+second+","+third, ""), []string{"unknown", "id 12", "id 13"}},
		"unknown fields":                {201, envelope(strings.ReplaceAll(first, `"id"`, `"later":{"x":[1]},"id"`)+","+second+","+third, ""), []string{"id 11", "id 12", "id 13"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := local(t, says(test.status, test.body))
			results, err := client.BatchCreate(t.Context(), "contacts", contactInputs("a@example.com", "B@example.com ", "c@example.com"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, toldAll(results)); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestBatchCreateTraceIDs(t *testing.T) {
	t.Parallel()
	echo := carrier(func(request *http.Request) (*http.Response, error) {
		var body hubspot.BatchRequest[hubspot.CreateInput]
		if err := json.NewDecoder(request.Body).Decode(&body); err != nil {
			return nil, err
		}
		var results []string
		for i, input := range body.Inputs {
			results = append(results, fmt.Sprintf(`{"id":"%d","objectWriteTraceId":%q}`, 100+i, input.ObjectWriteTraceID))
		}
		return reply(201, envelope(strings.Join(results, ","), "")), nil
	})
	inputs := contactInputs("a@example.com", "b@example.com", "c@example.com")
	inputs[0].ObjectWriteTraceID, inputs[1].ObjectWriteTraceID, inputs[2].ObjectWriteTraceID = "", "contactsync-1", ""
	results, err := local(t, echo).BatchCreate(t.Context(), "contacts", inputs)
	if err != nil {
		t.Fatal(err)
	}
	var traces []string
	for _, result := range results {
		traces = append(traces, result.Object.ObjectWriteTraceID)
	}
	if diff := cmp.Diff([]string{"", "contactsync-1", ""}, traces); diff != "" {
		t.Errorf("trace ids (-want +got):\n%s", diff)
	}
	if inputs[0].ObjectWriteTraceID != "" {
		t.Error("the caller's input was changed")
	}
	inputs[0].ObjectWriteTraceID = "contactsync-1"
	if _, err := local(t, echo).BatchCreate(t.Context(), "contacts", inputs); err == nil {
		t.Error("one trace id for two inputs was accepted")
	}
}

// The bodies that are sent are those that encoding/json writes for the wire types.
func TestBatchBodies(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-z<>&"\\]{0,6}`))
		properties := rapid.MapOf(text, text)
		creates := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) hubspot.CreateInput {
			return hubspot.CreateInput{Properties: properties.Draw(t, "properties"), Associations: rapid.SampledFrom([][]hubspot.NewAssociation{
				nil, {}, {{To: hubspot.RecordID{ID: "1"}, Types: []hubspot.AssociationSpec{{AssociationCategory: "HUBSPOT_DEFINED", AssociationTypeID: 279}}}},
			}).Draw(t, "associations")}
		}), 1, 5).Draw(t, "creates")
		for i := range creates {
			creates[i].ObjectWriteTraceID = fmt.Sprint(rapid.String().Draw(t, "trace"), i)
		}
		idProperty := text.Draw(t, "idProperty")
		updates := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) hubspot.UpdateInput {
			return hubspot.UpdateInput{ID: "x" + text.Draw(t, "id"), IDProperty: idProperty, Properties: properties.Draw(t, "properties"), ObjectWriteTraceID: text.Draw(t, "trace")}
		}), 1, 5, func(u hubspot.UpdateInput) string { return u.ID }).Draw(t, "updates")
		updates[0].Properties = nil

		s := &script{answers: []carrier{says(200, envelope("", ""))}}
		client, err := hubspot.New(hubspot.Options{BaseURL: "http://localhost", Transport: s})
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for path, body := range map[string]any{"create": hubspot.BatchRequest[hubspot.CreateInput]{Inputs: creates}, "update": hubspot.BatchRequest[hubspot.UpdateInput]{Inputs: updates}} {
			encoded, err := json.Marshal(body)
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, "POST /crm/v3/objects/contacts/batch/"+path+" "+string(encoded))
		}
		slices.Sort(want)
		if _, err := client.BatchCreate(t.Context(), "contacts", creates); err != nil {
			t.Fatal(err)
		}
		if _, err := client.BatchUpdate(t.Context(), "contacts", updates); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, s.asked); diff != "" {
			t.Errorf("requests (-want +got):\n%s", diff)
		}
	})
}

func TestBatchUpdateAccounts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body string
		want []string
	}{
		"all":              {envelope(`{"id":"2"},{"id":"1"}`, ""), []string{"id 1", "id 2"}},
		"one missing":      {envelope(`{"id":"2"}`, `{"category":"OBJECT_NOT_FOUND","context":{"ids":["1"]}}`), []string{"OBJECT_NOT_FOUND", "id 2"}},
		"nothing told":     {envelope("", ""), []string{"unknown", "unknown"}},
		"merged meanwhile": {envelope(`{"id":"7"},{"id":"2"}`, ""), []string{"unknown", "id 2"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inputs := []hubspot.UpdateInput{{ID: "1", Properties: map[string]string{"a": "b"}}, {ID: "2", Properties: map[string]string{"a": ""}}}
			s := &script{answers: []carrier{says(207, test.body)}}
			results, err := local(t, s).BatchUpdate(t.Context(), "contacts", inputs)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, toldAll(results)); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
			want := []string{`POST /crm/v3/objects/contacts/batch/update {"inputs":[{"id":"1","properties":{"a":"b"}},{"id":"2","properties":{"a":""}}]}`}
			if diff := cmp.Diff(want, s.asked); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
		})
	}
}

// A record whose trace id names one input and whose id another is no success of either.
func TestUpdateWhoseNamesDisagree(t *testing.T) {
	t.Parallel()
	inputs := []hubspot.UpdateInput{{ID: "1", ObjectWriteTraceID: "t1"}, {ID: "2", ObjectWriteTraceID: "t2"}}
	body := envelope(`{"id":"2","objectWriteTraceId":"t1"}`, "")
	results, err := local(t, says(200, body)).BatchUpdate(t.Context(), "contacts", inputs)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"unknown", "unknown"}, toldAll(results)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
}

func TestBatchAssociateAccounts(t *testing.T) {
	t.Parallel()
	pair := func(from, to string) hubspot.AssociationInput {
		return hubspot.AssociationInput{
			From: hubspot.RecordID{ID: hubspot.FlexID(from)}, To: hubspot.RecordID{ID: hubspot.FlexID(to)},
			Types: []hubspot.AssociationSpec{{AssociationCategory: "HUBSPOT_DEFINED", AssociationTypeID: 279}},
		}
	}
	body := envelope(
		`{"fromObjectTypeId":"0-1","fromObjectId":2,"toObjectTypeId":"0-2","toObjectId":"9","labels":[]},{"fromObjectTypeId":"0-1","fromObjectId":1,"toObjectTypeId":"0-2","toObjectId":9,"labels":null}`,
		`{"category":"OBJECT_NOT_FOUND","context":{"fromObjectId":["3"],"toObjectId":["9"]}},{"category":"VALIDATION_ERROR","context":{"toObjectId":["404"]}},{"category":"OBJECT_NOT_FOUND","context":{"CONTACT":["6"]}}`)
	s := &script{answers: []carrier{says(207, body)}}
	inputs := []hubspot.AssociationInput{pair("1", "9"), pair("2", "9"), pair("3", "9"), pair("4", "404"), pair("5", "9"), pair("6", "9")}
	results, err := local(t, s).BatchAssociate(t.Context(), "contacts", "companies", inputs)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"done", "done", "OBJECT_NOT_FOUND", "VALIDATION_ERROR", "unknown", "OBJECT_NOT_FOUND"}
	if diff := cmp.Diff(want, toldAll(results)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	if !strings.HasPrefix(s.asked[0], "POST /crm/v4/associations/contacts/companies/batch/create ") {
		t.Errorf("request %s", s.asked[0])
	}
}

func TestWholeBatchRefused(t *testing.T) {
	t.Parallel()
	results, err := local(t, says(400, invalidBody)).BatchCreate(t.Context(), "contacts", contactInputs("a@example.com"))
	if results != nil || !errors.Is(err, hubspot.ErrValidation) {
		t.Errorf("results %v, error %v; want ErrValidation alone", results, err)
	}
	big := make([]hubspot.UpdateInput, hubspot.MaxBatch+1)
	s := &script{answers: []carrier{says(200, `{}`)}}
	if _, err := local(t, s).BatchUpdate(t.Context(), "contacts", big); err == nil || len(s.asked) != 0 {
		t.Errorf("101 inputs: error %v after %d requests, want an error before any", err, len(s.asked))
	}
}

// The law of accounting: whatever part of the inputs an answer calls written,
// refused, both or neither, each input's result says just that.
func TestAccountingModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		count := rapid.IntRange(1, 100).Draw(t, "inputs")
		var emails, want, results, failures []string
		for i := range count {
			email := fmt.Sprintf("c%d@example.com", i)
			emails = append(emails, email)
			object := fmt.Sprintf(`{"id":"%d","properties":{"email":%q},"objectWriteTraceId":"t%d"}`, 1000+i, email, i)
			byEmail := fmt.Sprintf(`{"id":"%d","properties":{"email":%q}}`, 1000+i, strings.ToUpper(email))
			failure := fmt.Sprintf(`{"category":"CONFLICT","context":{"objectWriteTraceId":["t%d"]}}`, i)
			switch fate := rapid.SampledFrom([]string{"ok", "ok by email", "error", "missing", "twice", "both", "stranger"}).Draw(t, "fate"); fate {
			case "ok":
				results, want = append(results, object), append(want, fmt.Sprint("id ", 1000+i))
			case "ok by email":
				results, want = append(results, byEmail), append(want, fmt.Sprint("id ", 1000+i))
			case "error":
				failures, want = append(failures, failure), append(want, "CONFLICT")
			case "missing":
				want = append(want, "unknown")
			case "twice":
				results, want = append(results, object, byEmail), append(want, "unknown")
			case "both":
				results, failures, want = append(results, object), append(failures, failure), append(want, "unknown")
			case "stranger":
				results = append(results, fmt.Sprintf(`{"id":"%d","properties":{"email":"x%d@example.com"},"objectWriteTraceId":"x%d"}`, 5000+i, i, i))
				want = append(want, "unknown")
			}
		}
		body := envelope(strings.Join(rapid.Permutation(results).Draw(t, "order"), ","), strings.Join(failures, ","))
		client, err := hubspot.New(hubspot.Options{BaseURL: "http://localhost", Transport: says(207, body)})
		if err != nil {
			t.Fatal(err)
		}
		got, err := client.BatchCreate(t.Context(), "contacts", contactInputs(emails...))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, toldAll(got)); diff != "" {
			t.Errorf("outcomes (-want +got):\n%s", diff)
		}
	})
}

// An answer cut at any byte is never taken for a part of the truth.
func TestCutAnswerIsNeverBelieved(t *testing.T) {
	t.Parallel()
	body := envelope(
		`{"id":"11","properties":{"email":"a@example.com"},"objectWriteTraceId":"t0"},{"id":"12","properties":{"email":"b@example.com"},"objectWriteTraceId":"t1"}`,
		`{"category":"CONFLICT","context":{"objectWriteTraceId":["t2"]}}`)
	for at := range len(body) {
		results, err := local(t, says(207, body[:at])).BatchCreate(t.Context(), "contacts", contactInputs("a@example.com", "b@example.com", "c@example.com"))
		if results != nil || !errors.Is(err, hubspot.ErrUnknownOutcome) {
			t.Fatalf("cut at %d: results %v, error %v; want ErrUnknownOutcome alone", at, results, err)
		}
	}
}

// Whatever a server answers: no panic, one result for each input, and success
// only for a record that the answer holds under an id.
func FuzzBatchAnswer(f *testing.F) {
	f.Add(uint16(207), envelope(`{"id":"11","properties":{"email":"a@example.com"},"objectWriteTraceId":"t0"}`, `{"context":{"objectWriteTraceId":["t1"]}}`))
	f.Add(uint16(200), `{"results":null,"errors":[null,{"errors":[{}],"context":{"ids":[1,null,{}]}}]}`)
	f.Add(uint16(400), invalidBody)
	f.Add(uint16(409), oddBody)
	f.Add(uint16(502), `<html>`)
	f.Fuzz(func(t *testing.T, status uint16, body string) {
		if status == http.StatusTooManyRequests || status == http.StatusLocked || status < 200 {
			t.Skip("waits")
		}
		client := local(t, says(int(status), body))
		results, err := client.BatchCreate(t.Context(), "contacts", contactInputs("a@example.com", "b@example.com"))
		if err != nil {
			if results != nil || err.Error() == "" {
				t.Errorf("results %v besides error %v", results, err)
			}
			return
		}
		if len(results) != 2 {
			t.Fatalf("%d results for 2 inputs", len(results))
		}
		for _, result := range results {
			if (result.Object == nil) == (result.Err == nil) || result.Object != nil && result.Object.ID == "" {
				t.Errorf("result %+v", result)
			}
		}
	})
}

// An answer to a write without results is believed when it is empty or says that the
// batch is complete; any other leaves open what was carried out.
func TestCommandsBelieveNoStrangeAnswer(t *testing.T) {
	t.Parallel()
	for body, believed := range map[string]bool{
		``: true,
		`{"status":"COMPLETE","results":[],"startedAt":"2026-11-23T10:00:00.000Z","completedAt":"2026-11-23T10:00:00.000Z"}`: true,
		`{"status":"PENDING","results":[]}`:      false,
		`{"results":"none"}`:                     false,
		`{"status":"COMPLETE","results":"none"}`: false,
		`{}`:                                     false,
		`{"message":"Please sign in to go on."}`: false,
		`{"status":"COMPLETE","errors":[{"category":"OBJECT_NOT_FOUND"}]}`: false,
	} {
		err := archive(t.Context(), local(t, &script{answers: []carrier{says(200, body)}}))
		if believed != (err == nil) || !believed && !errors.Is(err, hubspot.ErrUnknownOutcome) {
			t.Errorf("%s: %v", body, err)
		}
	}
	client := local(t, &script{answers: []carrier{says(200, `{"id":"151","properties":{},"archived":false}`)}})
	if err := client.Associate(t.Context(), "contacts", "151", "companies", "9001", 279); err != nil {
		t.Errorf("a record that was associated: %v", err)
	}
}
