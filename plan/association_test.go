package plan_test

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/spec"
)

func toCompany(id crm.ObjectID, labels ...string) spec.Association {
	return spec.Association{To: crm.Target{Type: crm.TypeCompany, ID: id}, Labels: labels}
}

func toContact(email crm.Email) spec.Association {
	return spec.Association{To: crm.Target{Type: crm.TypeContact, Email: email}}
}

func liveLink(id crm.ObjectID, types ...crm.AssociationType) crm.Association {
	return crm.Association{To: crm.Ref{Type: crm.TypeCompany, ID: id}, Types: types}
}

// links is what a plan does to associations, in few words.
func links(p *plan.Plan) []string {
	lines := []string{}
	if p == nil {
		return lines
	}
	words := func(types []crm.AssociationType) string {
		var names []string
		for _, t := range types {
			names = append(names, fmt.Sprint(t.TypeID))
		}
		return "[" + strings.Join(names, " ") + "]"
	}
	for _, c := range p.Changes {
		for _, a := range c.Associations {
			line := fmt.Sprintf("%s %s%s %s->%s", a.To.Type, a.To.ID, a.To.Email, words(a.Before), words(a.After))
			if a.PrimaryFrom != (crm.Ref{}) {
				line += " primary from " + string(a.PrimaryFrom.ID)
			}
			lines = append(lines, line)
		}
	}
	return lines
}

func TestAssociations(t *testing.T) {
	t.Parallel()
	absent := func(a spec.Association) spec.Association {
		a.Absent = true
		return a
	}
	byDomain := spec.Association{To: crm.Target{Type: crm.TypeCompany, Property: "domain", Value: "navy.example"}}
	byType := toCompany("9001")
	byType.Type = &crm.AssociationType{Category: crm.UserDefined, TypeID: 28}
	for name, test := range map[string]struct {
		declared []spec.Association
		live     []crm.Association
		want     []string
		codes    []string
	}{
		"the default association": {
			declared: []spec.Association{toCompany("9001")},
			want:     []string{"company 9001 []->[279]"},
		},
		"one that is there": {
			declared: []spec.Association{toCompany("9001")},
			live:     []crm.Association{liveLink("9001", primary, unlabeled)},
			want:     []string{},
		},
		"what is not declared stays": {
			declared: []spec.Association{toCompany("9001")},
			live:     []crm.Association{liveLink("9001", unlabeled), liveLink("9002", unlabeled)},
			want:     []string{},
		},
		"a label is added to those that are there": {
			declared: []spec.Association{toCompany("9001", "Decision maker")},
			live:     []crm.Association{liveLink("9001", primary, unlabeled)},
			want:     []string{"company 9001 [1 279]->[1 279 28]"},
		},
		"a type by its ids": {
			declared: []spec.Association{byType},
			live:     []crm.Association{liveLink("9001", unlabeled)},
			want:     []string{"company 9001 [279]->[279 28]"},
		},
		"by domain": {
			declared: []spec.Association{byDomain},
			want:     []string{"company 9001 []->[279]"},
		},
		"one record by two names": {
			declared: []spec.Association{byDomain, toCompany("9001", "Primary")},
			want:     []string{"company 9001 []->[1 279]"},
		},
		"one record by two names that disagree": {
			declared: []spec.Association{byDomain, absent(toCompany("9001"))},
			want:     []string{},
			codes:    []string{"CS2108"},
		},
		"absent removes": {
			declared: []spec.Association{absent(toCompany("9001"))},
			live:     []crm.Association{liveLink("9001", primary, unlabeled)},
			want:     []string{"company 9001 [1 279]->[]"},
		},
		"absent and not there": {
			declared: []spec.Association{absent(toCompany("9001"))},
			want:     []string{},
		},
		"a primary that moves is one change": {
			declared: []spec.Association{toCompany("9002", "Primary")},
			live:     []crm.Association{liveLink("9001", primary, unlabeled), liveLink("9002", unlabeled)},
			want:     []string{"company 9002 [279]->[1 279] primary from 9001"},
		},
		"a primary that moves to a new record, the old one declared too": {
			declared: []spec.Association{toCompany("9002", "Primary"), toCompany("9001")},
			live:     []crm.Association{liveLink("9001", primary, unlabeled)},
			want:     []string{"company 9002 []->[1 279] primary from 9001"},
		},
		"a primary that moves off a record that gains a label": {
			declared: []spec.Association{toCompany("9002", "Primary"), toCompany("9001", "Decision maker")},
			live:     []crm.Association{liveLink("9001", primary, unlabeled)},
			want:     []string{"company 9001 [1 279]->[279 28]", "company 9002 []->[1 279] primary from 9001"},
		},
		"two primaries": {
			declared: []spec.Association{toCompany("9001", "Primary"), toCompany("9002", "Primary")},
			want:     []string{},
			codes:    []string{"CS2107"},
		},
		"a contact that is live and not declared": {
			declared: []spec.Association{toContact("friend@example.com")},
			want:     []string{"contact 777friend@example.com []->[449]"},
		},
		"the contact itself, by its id": {
			declared: []spec.Association{{To: crm.Target{Type: crm.TypeContact, ID: "1"}}},
			want:     []string{},
			codes:    []string{"CS2109"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := declare("ada@example.com")
			c.Associations = test.declared
			live := found("1", "ada@example.com")
			live.Associations = test.live
			for range 2 {
				p, problems := planOf(t, plan.Options{}, []spec.Contact{c}, live)
				if diff := cmp.Diff(test.want, links(p)); diff != "" {
					t.Errorf("associations (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(test.codes, codes(problems)); diff != "" {
					t.Errorf("problems (-want +got):\n%s", diff)
				}
				slices.Reverse(c.Associations)
			}
		})
	}
}

func TestAssociationsBetweenDeclaredContacts(t *testing.T) {
	t.Parallel()
	ada := declare("ada@example.com")
	ada.Associations = []spec.Association{toContact("bob@example.com"), toContact("new@example.com"), toContact("gone@example.com")}
	gone := declare("gone@example.com")
	gone.Ensure = spec.Archived
	bob := declare("bob@example.com")
	bob.PreviousEmails = []crm.Email{"rob@example.com"}
	fresh := declare("new@example.com", "firstname", "New")
	live := []crm.Contact{found("1", "ada@example.com"), found("2", "rob@example.com"), found("3", "gone@example.com")}

	_, problems := planOf(t, plan.Options{}, []spec.Contact{ada, bob, gone, fresh}, live...)
	if diff := cmp.Diff([]string{"CS2110"}, codes(problems)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	ada.Associations = ada.Associations[:2]
	p, problems := planOf(t, plan.Options{}, []spec.Contact{ada, bob, gone, fresh}, live...)
	if diff := cmp.Diff([]string{"contact new@example.com []->[449]", "contact 2bob@example.com []->[449]"}, links(p)); diff != "" {
		t.Errorf("associations (-want +got):\n%s\n%v", diff, problems)
	}
}

// Nobody is associated with a record that may be somebody else's.
func TestAssociationsWithDoubtfulContacts(t *testing.T) {
	t.Parallel()
	ada := declare("ada@example.com")
	ada.Associations = []spec.Association{toContact("bob@example.com")}
	for name, test := range map[string]struct {
		bob  spec.Contact
		live []crm.Contact
	}{
		"id and address disagree": {
			with(declare("bob@example.com"), func(c *spec.Contact) { c.ID = "2" }),
			[]crm.Contact{found("2", "rob@example.com")},
		},
		"the address is another's": {
			with(declare("bob@example.com"), func(c *spec.Contact) { c.PreviousEmails = []crm.Email{"rob@example.com"} }),
			[]crm.Contact{found("2", "rob@example.com"), found("3", "bob@example.com")},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, problems := planOf(t, plan.Options{SkipInvalid: true}, []spec.Contact{ada, test.bob}, append(test.live, found("1", "ada@example.com"))...)
			if diff := cmp.Diff([]string{}, links(p)); diff != "" {
				t.Errorf("associations (-want +got):\n%s", diff)
			}
			if !slices.Contains(codes(problems), "CS2212") {
				t.Errorf("problems %v, want CS2212 among them", codes(problems))
			}
		})
	}
}

func TestExactAssociations(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		policy, declared string
		want             []string
	}{
		"undeclared ones go, the primary and the own company stay": {
			policy: "exact", declared: `{to: company, id: "9001"}`,
			want: []string{"company 9004 [279]->[]"},
		},
		"the primary goes when another one is declared": {
			policy: "exact", declared: `{to: company, id: "9001", labels: [Primary]}`,
			want: []string{"company 9001 [279]->[1 279] primary from 9002", "company 9002 [1 279]->[]", "company 9004 [279]->[]"},
		},
		"strict spares nothing": {
			policy: "exact_strict", declared: `{to: company, id: "9001"}`,
			want: []string{"company 9002 [1 279]->[]", "company 9003 [279]->[]", "company 9004 [279]->[]"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc := loaded(t, fmt.Sprintf("version: 1\npolicy: {associations: {company: %s}}\ncontacts:\n  - email: ada@own.example\n    associations: [%s]\n", test.policy, test.declared))
			live := found("1", "ada@own.example")
			live.Associations = []crm.Association{liveLink("9001", unlabeled), liveLink("9002", primary, unlabeled), liveLink("9003", unlabeled), liveLink("9004", unlabeled)}
			portal := testPortal()
			portal.Targets[crm.Target{Type: crm.TypeCompany, Property: "domain", Value: "own.example"}] = []crm.ObjectID{"9003"}
			planner := plan.New(doc, portal, plan.Options{})
			planner.Add(live)
			made, problems := planner.Plan()
			if diff := cmp.Diff(test.want, links(made)); diff != "" {
				t.Errorf("associations (-want +got):\n%s\n%v", diff, problems)
			}
		})
	}
}

// loaded is the document of one file.
func loaded(t *testing.T, text string) *spec.Document {
	t.Helper()
	doc, problems := spec.Load([]spec.Source{{Name: "crm.yaml", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(text)), nil
	}}})
	problems = append(problems, doc.Adopt(nil)...)
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	return doc
}
