package hubspot

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The hand's reading of an error is the patient one's, or none. This test is inside
// the package because from outside the two cannot be told apart, which is the point.
func FuzzDecodeError(f *testing.F) {
	plain := 0
	for _, seed := range []string{
		`{"status":"error","category":"OBJECT_NOT_FOUND","subCategory":"crm.associations.NO_ASSOCIATIONS_FOUND","message":"No company","context":{"fromObjectId":["1"],"toObjectType":["company"]}}`,
		`{ "message" : "no" , "correlationId" : "aeb5f871" , "context" : { "ids" : [ "1" , "2" ] } }`,
		`{"category":"","subCategory":null,"context":{}}`, `{"context":{"ids":[]}}`, `{"context":{"ids":["1",]}}`, `{"context":{"ids":["1"],"ids":["2"]}}`,
		`{"context":{"id":"1","n":[1,null]}}`, `{"context":{"ids":["1"`, `{"status":"error","status":"ok"}`, `{"message":"\u00e9"}`, `{"message":"é"}`,
		`{"message":7,"errors":[{"message":"x"}]}`, `{"policyName":"DAILY"}`, `{"Message":"x"}`, `{"subCategory":{"a":1}}`, `{}`, `null`, `[]`, `"x"`,
		`{"message":"` + "\xff" + `"}`, `{"message":"x"}x`, `{"message":"x",}`,
	} {
		f.Add(seed)
		if _, ok := parseError(seed); ok {
			plain++
		}
	}
	if plain < 4 {
		f.Errorf("the hand reads %d of the plain ones only", plain)
	}
	f.Fuzz(func(t *testing.T, body string) {
		got, ok := parseError(body)
		if !ok {
			return
		}
		var want ErrorBody
		if err := want.readPatiently([]byte(body)); err != nil {
			t.Fatalf("accepted %q, which encoding/json refuses: %v", body, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-patient +hand):\n%s", body, diff)
		}
	})
}
