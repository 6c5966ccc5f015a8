package portal_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/portal/portaltest"
)

// Whatever is associated and dissociated, by single calls and by batches, from
// either end: a pair that is associated has the unlabeled type and the labels last
// written, a contact has at most one primary company, and both ends and every way
// of reading tell the same.
func TestAssociationsFollowTheirModel(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of requests")
	}
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		p := portaltest.New(t, portal.Config{AccountID: "1"})
		fixture := smallPortal()
		fixture.Records = nil
		for i := range 3 {
			id := fmt.Sprint(i + 1)
			fixture.Records = append(fixture.Records,
				crm.FixtureRecord{Type: crm.TypeContact, ID: crm.ObjectID("1" + id), Properties: texts("firstname", id)},
				crm.FixtureRecord{Type: crm.TypeCompany, ID: crm.ObjectID("2" + id), Properties: texts("name", id)})
		}
		if err := p.Fill(rt.Context(), fixture); err != nil {
			rt.Fatal(err)
		}
		m := linkBook{p: p, links: make(map[[2]int]map[int]bool)}
		rt.Repeat(map[string]func(*rapid.T){
			"put": m.put, "default": m.setDefault, "add": m.add, "remove": m.remove, "delete": m.delete, "": m.check,
		})
	})
}

// linkBook is what the portal should hold: for each pair of a contact and a company
// that is associated, its labels as type ids from the contact.
type linkBook struct {
	p      *portal.Portal
	links  map[[2]int]map[int]bool
	checks int
}

// labelTypes are labels from contact to company, with the type from the other end.
var labelTypes = map[int]int{1: 2, 931: 930, 28: 29}

const unlabeledType, unlabeledBack = 279, 280

func spec(types ...int) string {
	var specs []string
	for _, id := range types {
		category := "HUBSPOT_DEFINED"
		if id == 28 || id == 29 {
			category = "USER_DEFINED"
		}
		specs = append(specs, fmt.Sprintf(`{"associationCategory":%q,"associationTypeId":%d}`, category, id))
	}
	return "[" + strings.Join(specs, ",") + "]"
}

func drawPair(rt *rapid.T) [2]int {
	return [2]int{rapid.IntRange(11, 13).Draw(rt, "contact"), rapid.IntRange(21, 23).Draw(rt, "company")}
}

func drawLabels(rt *rapid.T) []int {
	return rapid.SliceOfNDistinct(rapid.SampledFrom(slices.Sorted(maps.Keys(labelTypes))), 0, 3, rapid.ID[int]).Draw(rt, "labels")
}

func inputOf(pair [2]int, specs string) string {
	return fmt.Sprintf(`{"inputs":[{"from":{"id":"%d"},"to":{"id":%d},"types":%s}]}`, pair[0], pair[1], specs)
}

// write makes labels those of a pair; a new primary company takes over.
func (m *linkBook) write(pair [2]int, labels map[int]bool) {
	if labels[1] {
		for other := range m.links {
			if other[0] == pair[0] && other[1] != pair[1] {
				delete(m.links[other], 1)
			}
		}
	}
	m.links[pair] = labels
}

func (m *linkBook) put(rt *rapid.T) {
	pair, labels := drawPair(rt), drawLabels(rt)
	there, back := append([]int{unlabeledType}, labels...), []int{unlabeledBack}
	written := make(map[int]bool)
	for _, label := range labels {
		back = append(back, labelTypes[label])
		written[label] = true
	}
	switch rapid.IntRange(0, 3).Draw(rt, "way") {
	case 0:
		want(rt, m.p, 201, "PUT", fmt.Sprintf("/crm/v4/objects/contacts/%d/associations/companies/%d", pair[0], pair[1]), spec(there...))
	case 1:
		want(rt, m.p, 201, "PUT", fmt.Sprintf("/crm/v4/objects/companies/%d/associations/contacts/%d", pair[1], pair[0]), spec(back...))
	case 2:
		want(rt, m.p, 201, "POST", "/crm/v4/associations/contacts/companies/batch/create", inputOf(pair, spec(there...)))
	case 3:
		want(rt, m.p, 201, "POST", "/crm/v4/associations/companies/contacts/batch/create", inputOf([2]int{pair[1], pair[0]}, spec(back...)))
	}
	m.write(pair, written)
}

func (m *linkBook) setDefault(rt *rapid.T) {
	pair := drawPair(rt)
	if rapid.Bool().Draw(rt, "single") {
		want(rt, m.p, 200, "PUT", fmt.Sprintf("/crm/v4/objects/companies/%d/associations/default/contacts/%d", pair[1], pair[0]), "")
	} else {
		want(rt, m.p, 200, "POST", "/crm/v4/associations/contacts/companies/batch/associate/default", inputOf(pair, "[]"))
	}
	if m.links[pair] == nil {
		m.links[pair] = make(map[int]bool)
	}
}

func (m *linkBook) add(rt *rapid.T) {
	pair, label := drawPair(rt), rapid.SampledFrom([]int{1, 28, 931}).Draw(rt, "label")
	want(rt, m.p, 200, "PUT", fmt.Sprintf("/crm/v3/objects/contacts/%d/associations/companies/%d/%d", pair[0], pair[1], label), "")
	labels := maps.Clone(m.links[pair])
	if labels == nil {
		labels = make(map[int]bool)
	}
	labels[label] = true
	m.write(pair, labels)
}

func (m *linkBook) remove(rt *rapid.T) {
	pair, label := drawPair(rt), rapid.SampledFrom([]int{1, 28, 931, unlabeledType}).Draw(rt, "label")
	if rapid.Bool().Draw(rt, "single") {
		want(rt, m.p, 204, "DELETE", fmt.Sprintf("/crm/v3/objects/contacts/%d/associations/companies/%d/%d", pair[0], pair[1], label), "")
	} else {
		want(rt, m.p, 204, "POST", "/crm/v4/associations/contacts/companies/batch/labels/archive", inputOf(pair, spec(label)))
	}
	if label == unlabeledType {
		delete(m.links, pair)
		return
	}
	delete(m.links[pair], label)
}

func (m *linkBook) delete(rt *rapid.T) {
	pair := drawPair(rt)
	if rapid.Bool().Draw(rt, "single") {
		want(rt, m.p, 204, "DELETE", fmt.Sprintf("/crm/v4/objects/contacts/%d/associations/companies/%d", pair[0], pair[1]), "")
	} else {
		want(rt, m.p, 204, "POST", "/crm/v4/associations/companies/contacts/batch/archive", fmt.Sprintf(`{"inputs":[{"from":{"id":"%d"},"to":[{"id":"%d"}]}]}`, pair[1], pair[0]))
	}
	delete(m.links, pair)
}

// check reads every pair from both ends in a batch and, every fifth time, one
// record at a time.
func (m *linkBook) check(rt *rapid.T) {
	expected := make(map[string][]int)
	for pair, labels := range m.links {
		there, back := []int{unlabeledType}, []int{unlabeledBack}
		for label := range labels {
			there, back = append(there, label), append(back, labelTypes[label])
		}
		expected[fmt.Sprintf("%d-%d", pair[0], pair[1])] = slices.Sorted(slices.Values(there))
		expected[fmt.Sprintf("%d-%d", pair[1], pair[0])] = slices.Sorted(slices.Values(back))
	}
	m.checks++
	oneByOne := m.checks%5 == 0
	single, batch := make(map[string][]int), make(map[string][]int)
	for _, ends := range [][2]string{{"contacts", "companies"}, {"companies", "contacts"}} {
		first := map[string]int{"contacts": 11, "companies": 21}[ends[0]]
		var inputs []string
		for id := first; id < first+3; id++ {
			inputs = append(inputs, fmt.Sprintf(`{"id":"%d"}`, id))
			if !oneByOne {
				continue
			}
			m.take(rt, single, id, want(rt, m.p, 200, "GET", fmt.Sprintf("/crm/v4/objects/%s/%d/associations/%s", ends[0], id, ends[1]), "").Body)
		}
		got := ask(rt, m.p, "POST", "/crm/v4/associations/"+ends[0]+"/"+ends[1]+"/batch/read", `{"inputs":[`+strings.Join(inputs, ",")+`]}`)
		var read struct{ Results []json.RawMessage }
		if err := json.Unmarshal([]byte(got.Body), &read); err != nil {
			rt.Fatal(err)
		}
		for _, result := range read.Results {
			m.take(rt, batch, 0, strings.Replace(string(result), `"to":`, `"results":`, 1))
		}
	}
	if diff := cmp.Diff(expected, single); oneByOne && diff != "" {
		rt.Fatalf("read one by one (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(expected, batch); diff != "" {
		rt.Fatalf("read in batches (-want +got):\n%s", diff)
	}
}

// take adds the types of a record's associations to those that were read; the
// record is from where 0 is given.
func (*linkBook) take(rt *rapid.T, into map[string][]int, from int, body string) {
	var page struct {
		From    struct{ ID string }
		Results []struct {
			ToObjectID       int
			AssociationTypes []struct{ TypeID int }
		}
	}
	if err := json.Unmarshal([]byte(body), &page); err != nil {
		rt.Fatal(err)
	}
	if from != 0 {
		page.From.ID = fmt.Sprint(from)
	}
	for _, result := range page.Results {
		key := fmt.Sprintf("%s-%d", page.From.ID, result.ToObjectID)
		for _, kind := range result.AssociationTypes {
			into[key] = append(into[key], kind.TypeID)
		}
		slices.Sort(into[key])
	}
}
