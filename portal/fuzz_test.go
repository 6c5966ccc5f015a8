package portal_test

import (
	"hash/fnv"
	"net/http"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/portal"
)

// mediaTypes are what the fuzzer chooses a request's content type from.
var mediaTypes = []string{"application/json", "application/json;charset=utf-8", "", "text/plain", "application/json; a", "multipart/form-data"}

// No request makes the portal fail: every answer is a success or a refusal that
// obeys the laws of answers. The seeds reach every operation with success, as
// TestSamplesReachEveryOperation shows, so the fuzzer starts from deep inside.
func FuzzRequests(f *testing.F) {
	for i, s := range samples {
		for seed := range uint64(3) {
			f.Add(s.operation, uint8(i+int(seed))%5, s.values, s.query, uint8(0), s.body, seed)
		}
	}
	f.Add("GET /crm/v3/objects/{type}/{id}", uint8(0), "contacts/a%40b.example", "idProperty=email", uint8(0), "", uint64(0))
	f.Add("GET /crm/v3/objects/{type}", uint8(0), "contacts", "limit=0&after=-1&%zz", uint8(1), "{", uint64(0))
	var pool freshPortals
	f.Cleanup(pool.close)
	f.Fuzz(func(t *testing.T, operation string, version uint8, values, query string, media uint8, body string, seed uint64) {
		o := chosen(operation)
		target := path(o, int(version), values) + "?" + query
		request, err := http.NewRequestWithContext(t.Context(), o.Method, "https://portal.test/", strings.NewReader(mutated(body, seed)))
		if err != nil {
			t.Skip()
		}
		if request.URL, err = request.URL.Parse(target); err != nil {
			t.Skip()
		}
		request.Header.Set("Authorization", "Bearer x")
		request.Header.Set("Content-Type", mediaTypes[int(media)%len(mediaTypes)])
		w := newRecorder()
		pool.next(t).ServeHTTP(w, request)
		if w.status >= 500 || w.status == 0 {
			t.Fatalf("%s %s %s answered %d: %s", o.Method, target, mutated(body, seed), w.status, w.body.String())
		}
		demandLaws(t, o.Method+" "+target, reply{w.status, w.header, w.body.String()})
	})
}

// chosen is the operation of that name, or one for any other name.
func chosen(name string) portal.Operation {
	if o, ok := operations[name]; ok {
		return o
	}
	all := portal.Operations()
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(name))
	return all[int(hash.Sum32()%uint32(len(all)))] // #nosec G115 -- a few dozen
}

// freshPortals gives a crowded portal for each request, and the same for a number
// of them: what some requests spoil is soon whole again for the others.
type freshPortals struct {
	uses int
	now  *portal.Portal
}

const usesOfPortal = 50

func (f *freshPortals) next(tb testing.TB) *portal.Portal {
	tb.Helper()
	if f.uses%usesOfPortal == 0 {
		f.close()
		var err error
		if f.now, err = portal.Open(tb.Context(), portal.Config{AccountID: "424242"}); err != nil {
			tb.Fatal(err)
		}
		if err := f.now.Fill(tb.Context(), crowd()); err != nil {
			tb.Fatal(err)
		}
	}
	f.uses++
	return f.now
}

func (f *freshPortals) close() {
	if f.now != nil {
		_ = f.now.Close()
	}
}
