package hubspot

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The hand's reading of an answer is encoding/json's, or none. This test is
// inside the package because from outside the two cannot be told apart, which is
// the point.
func FuzzDecodeObjects(f *testing.F) {
	for _, seed := range []string{
		`{"results":[{"id":"1","properties":{"a":"b","c":null},"createdAt":"x","updatedAt":"y","archived":false,"archivedAt":"z","objectWriteTraceId":"t"}],"status":"COMPLETE"}`,
		`{"status":"COMPLETE","results":[],"errors":[{"context":{"ids":["1"]}}]}`,
		` { "results" : [ { "id" : "1" } , { "properties" : { } } ] , "paging":{"next":{"after":"2"}} } `,
		`{"results":[{"id":"1"},]}`,
		`{"results":[{"id":"1","id":"2"}]}`,
		`{"results":[{"ID":"1","url":"https://x","new":true,"associations":{"companies":{"results":[{"id":"1"}]}}}]}`,
		`{"results":[{"properties":{"a":"é\u00e9\"","a":"2"}}],"Results":[{}]}`,
		`{"results":null}`, `{"results":[null,1,"x"]}`, `{"results":[{}]}x`, `{"results":[{}],}`, `[{"results":[]}]`, `{"results":[{"id":"1"}`,
		`{"results":[{"properties":{"a":"` + "\xff" + `"}}]}`, `{"results":[}]`, `{"results":[}}`, `{"results":[{"archived":null,"id":null}]}`, `{"results":[{"properties":{"a":"1",}}]}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		var envelope BatchResponse[Object]
		objects, ok := decodeObjects([]byte(body), &envelope)
		if !ok {
			return
		}
		envelope.Results = objects
		var want BatchResponse[Object]
		if err := json.Unmarshal([]byte(body), &want); err != nil {
			t.Fatalf("accepted %q, which encoding/json refuses: %v", body, err)
		}
		if diff := cmp.Diff(want, envelope); diff != "" {
			t.Errorf("%q (-encoding/json +hand):\n%s", body, diff)
		}
	})
}
