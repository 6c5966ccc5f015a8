package apply_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
)

var (
	companyPrimary = crm.AssociationType{Category: crm.HubSpotDefined, TypeID: 1, Label: "Primary"}
	billing        = crm.AssociationType{Category: crm.HubSpotDefined, TypeID: 931, Label: "Billing Contact"}
)

// linking is a portal with one contact and two companies.
type linking struct {
	*bench
	ada       crm.ObjectID
	companies []crm.ObjectID
}

func newLinking(t *testing.T) *linking {
	t.Helper()
	l := &linking{bench: newBench(t, portal.Config{}, nil)}
	l.ada = l.people(1)[0]
	l.companies = l.add("companies", map[string]string{"domain": "one.example"}, map[string]string{"domain": "two.example"})
	return l
}

// company is the n-th company.
func (l *linking) company(n int) crm.Ref { return crm.Ref{Type: crm.TypeCompany, ID: l.companies[n]} }

// link writes the association of the contact with a company, behind the run's back.
func (l *linking) link(n int, types ...crm.AssociationType) {
	l.t.Helper()
	if _, err := l.own.BatchAssociate(l.t.Context(), "contacts", "companies", l.pair(n, types)); err != nil {
		l.t.Fatalf("linking: %v", err)
	}
}

// pair is the contact and a company as a request writes them.
func (l *linking) pair(n int, types []crm.AssociationType) []hubspot.AssociationInput {
	var specs []hubspot.AssociationSpec
	for _, t := range types {
		specs = append(specs, hubspot.AssociationSpec{AssociationCategory: t.Category, AssociationTypeID: t.TypeID})
	}
	return []hubspot.AssociationInput{{
		From: hubspot.RecordID{ID: hubspot.FlexID(l.ada)}, To: hubspot.RecordID{ID: hubspot.FlexID(l.companies[n])}, Types: specs,
	}}
}

// types are the ids of the types that the contact and the n-th company share.
func (l *linking) types(n int) []int {
	l.t.Helper()
	records, err := l.own.AssociationsOf(l.t.Context(), "contacts", "companies", []string{string(l.ada)})
	if err != nil {
		l.t.Fatal(err)
	}
	var ids []int
	for _, record := range records {
		for _, other := range record.To {
			if string(other.ToObjectID) == string(l.companies[n]) {
				for _, label := range other.AssociationTypes {
					ids = append(ids, label.TypeID)
				}
			}
		}
	}
	slices.Sort(ids)
	return ids
}

func (l *linking) want(n int, types ...int) {
	l.t.Helper()
	if diff := cmp.Diff(types, l.types(n)); diff != "" {
		l.t.Errorf("types with company %d (-want +got):\n%s", n, diff)
	}
}

// recordedLinks applies changes of the contact's associations.
func (l *linking) recordedLinks(links ...plan.AssociationChange) (undo func() []apply.Kept) {
	l.t.Helper()
	records := l.recorded(plan.Change{Action: plan.Update, ID: l.ada, Email: crm.Email(address(0)), Associations: links})
	return func() []apply.Kept {
		l.t.Helper()
		return l.undone(records)
	}
}

func types(list ...crm.AssociationType) []crm.AssociationType { return list }

func TestUndoOfAssociations(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before [2][]crm.AssociationType // of the two companies
		links  func(l *linking) []plan.AssociationChange
		since  func(l *linking)
		want   [2][]int
		kept   string // why something is
	}{
		"added": {
			links: func(l *linking) []plan.AssociationChange {
				return []plan.AssociationChange{{To: l.company(0), After: types(unlabeledCompany, billing)}}
			},
		},
		"removed": {
			before: [2][]crm.AssociationType{types(unlabeledCompany, billing)},
			links: func(l *linking) []plan.AssociationChange {
				return []plan.AssociationChange{{To: l.company(0), Before: types(unlabeledCompany, billing)}}
			},
			want: [2][]int{{279, 931}},
		},
		"label added": {
			before: [2][]crm.AssociationType{types(unlabeledCompany)},
			links: func(l *linking) []plan.AssociationChange {
				return []plan.AssociationChange{{To: l.company(0), Before: types(unlabeledCompany), After: types(unlabeledCompany, billing)}}
			},
			want: [2][]int{{279}},
		},
		"label removed": {
			before: [2][]crm.AssociationType{types(unlabeledCompany, billing)},
			links: func(l *linking) []plan.AssociationChange {
				return []plan.AssociationChange{{To: l.company(0), Before: types(unlabeledCompany, billing), After: types(unlabeledCompany)}}
			},
			want: [2][]int{{279, 931}},
		},
		"primary moved": {
			before: [2][]crm.AssociationType{types(companyPrimary), types(unlabeledCompany)},
			links:  movePrimary,
			want:   [2][]int{{1, 279}, {279}},
		},
		"primary moved to a company that was not associated": {
			before: [2][]crm.AssociationType{types(companyPrimary)},
			links: func(l *linking) []plan.AssociationChange {
				return []plan.AssociationChange{{To: l.company(1), After: types(companyPrimary, unlabeledCompany), PrimaryFrom: l.company(0)}}
			},
			want: [2][]int{{1, 279}, nil},
		},
		"primary moved, and the former one removed": {
			before: [2][]crm.AssociationType{types(companyPrimary)},
			links: func(l *linking) []plan.AssociationChange {
				return []plan.AssociationChange{
					{To: l.company(0), Before: types(companyPrimary, unlabeledCompany)},
					{To: l.company(1), After: types(companyPrimary, unlabeledCompany), PrimaryFrom: l.company(0)},
				}
			},
			want: [2][]int{{1, 279}, nil},
		},
		"primary was nobody": {
			before: [2][]crm.AssociationType{types(unlabeledCompany)},
			links: func(l *linking) []plan.AssociationChange {
				return []plan.AssociationChange{{To: l.company(0), Before: types(unlabeledCompany), After: types(companyPrimary, unlabeledCompany)}}
			},
			want: [2][]int{{279}},
		},
		"primary moved back since": {
			before: [2][]crm.AssociationType{types(companyPrimary), types(unlabeledCompany)},
			links:  movePrimary,
			since:  func(l *linking) { l.link(0, companyPrimary) },
			want:   [2][]int{{1, 279}, {279}},
		},
		"former primary separated since": {
			before: [2][]crm.AssociationType{types(companyPrimary), types(unlabeledCompany)},
			links:  movePrimary,
			since:  func(l *linking) { l.separate(0) },
			want:   [2][]int{nil, {279}},
			kept:   "it was primary before, and is not associated any more",
		},
		"added, labelled by somebody since": {
			links: func(l *linking) []plan.AssociationChange {
				return []plan.AssociationChange{{To: l.company(0), After: types(unlabeledCompany)}}
			},
			since: func(l *linking) { l.link(0, unlabeledCompany, billing) },
			want:  [2][]int{{279, 931}},
			kept:  "the association bears another label since, so the two stay associated",
		},
		"added, removed since": {
			links: func(l *linking) []plan.AssociationChange {
				return []plan.AssociationChange{{To: l.company(0), After: types(unlabeledCompany)}}
			},
			since: func(l *linking) { l.separate(0) },
		},
		"label added, association removed since": {
			before: [2][]crm.AssociationType{types(unlabeledCompany)},
			links: func(l *linking) []plan.AssociationChange {
				return []plan.AssociationChange{{To: l.company(0), Before: types(unlabeledCompany), After: types(unlabeledCompany, billing)}}
			},
			since: func(l *linking) { l.separate(0) },
			kept:  "the association was removed since",
		},
		"removed, associated again since": {
			before: [2][]crm.AssociationType{types(unlabeledCompany, billing)},
			links: func(l *linking) []plan.AssociationChange {
				return []plan.AssociationChange{{To: l.company(0), Before: types(unlabeledCompany, billing)}}
			},
			since: func(l *linking) { l.link(0, unlabeledCompany) },
			want:  [2][]int{{279}},
			kept:  "the two were associated again since",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLinking(t)
			for n, before := range c.before {
				if len(before) > 0 {
					l.link(n, before...)
				}
			}
			undo := l.recordedLinks(c.links(l)...)
			if c.since != nil {
				c.since(l)
			}
			kept := undo()
			var reasons []string
			for _, k := range kept {
				reasons = append(reasons, k.Reason)
			}
			var want []string
			if c.kept != "" {
				want = []string{c.kept}
			}
			if diff := cmp.Diff(want, reasons); diff != "" {
				t.Errorf("kept (-want +got):\n%s", diff)
			}
			for n := range c.want {
				l.want(n, c.want[n]...)
			}
		})
	}
}

// movePrimary makes the second company primary, which both are associated with.
func movePrimary(l *linking) []plan.AssociationChange {
	return []plan.AssociationChange{{
		To: l.company(1), Before: types(unlabeledCompany), After: types(companyPrimary, unlabeledCompany), PrimaryFrom: l.company(0),
	}}
}

// separate removes an association behind the run's back.
func (l *linking) separate(n int) {
	l.t.Helper()
	if err := l.own.BatchDissociate(l.t.Context(), "contacts", "companies", []hubspot.DissociationInput{{
		From: hubspot.RecordID{ID: hubspot.FlexID(l.ada)}, To: []hubspot.RecordID{{ID: hubspot.FlexID(l.companies[n])}},
	}}); err != nil {
		l.t.Fatal(err)
	}
}

// unlabel takes types off an association behind the run's back.
func (l *linking) unlabel(n int, types ...crm.AssociationType) {
	l.t.Helper()
	if err := l.own.BatchRemoveLabels(l.t.Context(), "contacts", "companies", l.pair(n, types)); err != nil {
		l.t.Fatal(err)
	}
}

// Somebody chose a third primary company since: neither the run's nor the former one
// takes its place.
func TestUndoLeavesAPrimaryCompanyThatWasChosenSince(t *testing.T) {
	t.Parallel()
	l := newLinking(t)
	l.link(0, companyPrimary)
	l.link(1, unlabeledCompany)
	undo := l.recordedLinks(movePrimary(l)...)
	l.companies = append(l.companies, l.add("companies", map[string]string{"domain": "three.example"})...)
	l.link(2, companyPrimary)
	l.wantKept([]apply.Kept{{
		ID: l.ada, Email: crm.Email(address(0)), To: l.company(0), Reason: "it was primary before, and another record is by now",
	}}, undo())
	l.want(0, 279)
	l.want(1, 279)
	l.want(2, 1, 279)
}

func TestUndoDoesNotGiveBackALabelThatIsGone(t *testing.T) {
	t.Parallel()
	l := newLinking(t)
	l.link(0, unlabeledCompany, billing)
	records := l.recorded(plan.Change{Action: plan.Update, ID: l.ada, Email: crm.Email(address(0)), Associations: []plan.AssociationChange{
		{To: l.company(0), Before: types(unlabeledCompany, billing), After: types(unlabeledCompany)},
	}})
	described, live := l.readFootprint(t, apply.FootprintOf(records))
	pair := [2]crm.ObjectType{crm.TypeContact, crm.TypeCompany}
	described.Labels[pair] = slices.DeleteFunc(described.Labels[pair], billing.Same)
	p, kept := apply.Undo(records, live, described)
	if !p.Empty() {
		t.Errorf("planned: %+v", p.Changes)
	}
	l.wantKept([]apply.Kept{{
		ID: l.ada, Email: crm.Email(address(0)), To: l.company(0), Reason: `the label "Billing Contact" does not exist any more`,
	}}, kept)
}

// A link to a contact that the run archived cannot be made again.
func TestUndoDoesNotAssociateWithArchivedContacts(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	ids := b.people(2)
	colleague := types(crm.AssociationType{Category: crm.HubSpotDefined, TypeID: 449})
	other := crm.Ref{Type: crm.TypeContact, ID: ids[1]}
	b.run(plan.Change{Action: plan.Update, ID: ids[0], Email: crm.Email(address(0)), Associations: []plan.AssociationChange{{To: other, After: colleague}}})
	records := b.recorded(
		plan.Change{Action: plan.Update, ID: ids[0], Email: crm.Email(address(0)), Associations: []plan.AssociationChange{{To: other, Before: colleague}}},
		archive(ids[1], address(1)),
	)
	kept := b.undone(records)
	if len(kept) != 2 || kept[0].To != other || !kept[1].Archived {
		t.Errorf("kept: %+v", kept)
	}
	if _, err := b.portal.Restore(t.Context(), crm.TypeContact, string(ids[1])); err != nil {
		t.Fatal(err)
	}
	p, kept := b.undo(t, records)
	if len(p.Changes) != 1 || len(kept) != 0 {
		t.Errorf("planned %+v, kept %+v", p.Changes, kept)
	}
}

// What a pair bore when the run wrote it counts, not what it bore when it was planned:
// a label that somebody gave it in between is not the run's to take away.
func TestUndoKeepsALabelThatCameBeforeTheRun(t *testing.T) {
	t.Parallel()
	l := newLinking(t)
	p := l.plan(plan.Change{Action: plan.Update, ID: l.ada, Email: crm.Email(address(0)), Associations: []plan.AssociationChange{
		{To: l.company(0), After: types(companyPrimary, unlabeledCompany, billing)},
	}})
	l.link(0, unlabeledCompany, billing)
	n := &notebook{bench: l.bench}
	if result, err := apply.Run(t.Context(), l.remote, p, apply.Options{Journal: n, Run: "r1"}); err != nil || !result.Complete() {
		t.Fatalf("%v, %+v", err, result)
	}
	l.want(0, companyPrimary.TypeID, unlabeledCompany.TypeID, billing.TypeID)
	l.wantKept(nil, l.undone(n.records))
	l.want(0, unlabeledCompany.TypeID, billing.TypeID)
}

// A run takes the primary type from the company that bears it when the run writes. That
// one gets it back, not the one that bore it when the run was planned.
func TestUndoReturnsThePrimaryTypeToWhomTheRunTookItFrom(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before [2][]crm.AssociationType
		from   bool // the first company is primary in the plan
		since  func(l *linking)
		want   [3][]int
	}{
		"nobody's by then": {
			before: [2][]crm.AssociationType{types(companyPrimary), types(unlabeledCompany)},
			from:   true,
			since:  func(l *linking) { l.unlabel(0, companyPrimary) },
			want:   [3][]int{{279}, {279}, nil},
		},
		"another one's by then": {
			before: [2][]crm.AssociationType{types(companyPrimary), types(unlabeledCompany)},
			from:   true,
			since:  func(l *linking) { l.link(2, companyPrimary) },
			want:   [3][]int{{279}, {279}, {1, 279}},
		},
		"nobody's before": {
			before: [2][]crm.AssociationType{types(unlabeledCompany), types(unlabeledCompany)},
			since:  func(l *linking) { l.link(0, companyPrimary) },
			want:   [3][]int{{1, 279}, {279}, nil},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLinking(t)
			l.companies = append(l.companies, l.add("companies", map[string]string{"domain": "three.example"})...)
			for n, before := range c.before {
				l.link(n, before...)
			}
			moved := movePrimary(l)
			if !c.from {
				moved[0].PrimaryFrom = crm.Ref{}
			}
			p := l.plan(plan.Change{Action: plan.Update, ID: l.ada, Email: crm.Email(address(0)), Associations: moved})
			c.since(l)
			n := &notebook{bench: l.bench}
			if result, err := apply.Run(t.Context(), l.remote, p, apply.Options{Journal: n, Run: "r1"}); err != nil || !result.Complete() {
				t.Fatalf("%v, %+v", err, result)
			}
			l.want(1, 1, 279)
			l.wantKept(nil, l.undone(n.records))
			for n, want := range c.want {
				l.want(n, want...)
			}
		})
	}
}
