package apply_test

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/journal"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
)

// backward is a change of n contacts, the first of which loses its lifecycle stage to
// an earlier one.
func (b *bench) backward(n int) (*plan.Plan, []crm.ObjectID) {
	ids := b.people(n)
	b.set(ids[0], "lifecyclestage", "customer")
	changes := b.updates(ids)
	changes[0].Properties = []plan.PropertyChange{{Name: "lifecyclestage", Before: "customer", After: "lead", Backward: true}}
	return b.plan(changes...), ids
}

// A stage that a cut run had cleared is set before anything else is written.
func TestClearedStageIsSetFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, portal.Config{}, nil)
		p, ids := b.backward(150)
		disk, _, _, _ := b.process(p, nil, crash{record: 3}) // begin, the first update's intent and its outcome
		if stage := b.text(ids[0], "lifecyclestage"); stage != "" {
			t.Fatalf("the stage is %q, so the run was cut at another moment", stage)
		}
		disk, _, result, err := b.process(p, disk, crash{})
		if err != nil || !result.Complete() {
			t.Fatalf("%v: %+v", err, result)
		}
		log, err := journal.Read(bytes.NewReader(disk))
		if err != nil {
			t.Fatal(err)
		}
		var kinds []int
		for _, record := range log.Records[4:] {
			if record.Intent != nil {
				kinds = append(kinds, record.Intent.Writes[0].Part)
			}
		}
		if diff := cmp.Diff([]int{apply.StageSet, 0}, kinds); diff != "" {
			t.Errorf("what the resumed run writes first (-want +got):\n%s", diff)
		}
		if stage := b.text(ids[0], "lifecyclestage"); stage != "lead" {
			t.Errorf("the stage is %q", stage)
		}
	})
}

// A stage that somebody set after the run had cleared it is theirs.
func TestClearedStageThatSomebodySetIsLeftAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, portal.Config{}, nil)
		p, ids := b.backward(3)
		disk, _, _, _ := b.process(p, nil, crash{record: 3})
		b.set(ids[0], "lifecyclestage", "evangelist")
		_, _, result, err := b.process(p, disk, crash{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]apply.Outcome{apply.Stale, apply.Applied, apply.Applied}, outcomes(result)); diff != "" {
			t.Errorf("outcomes (-want +got):\n%s", diff)
		}
		if stage := b.text(ids[0], "lifecyclestage"); stage != "evangelist" {
			t.Errorf("their stage became %q", stage)
		}
	})
}

// A contact that was merged after the run had cleared its stage is another one now, whose
// stage no plan named.
func TestClearedStageOfAMergedContactIsLeftAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, portal.Config{}, nil)
		p, ids := b.backward(3)
		survivor := b.add("contacts", map[string]string{"email": "other@example.com"})[0]
		disk, _, _, _ := b.process(p, nil, crash{record: 3})
		send(t, b.portal, http.MethodPost, "/crm/v3/objects/contacts/merge",
			map[string]string{"primaryObjectId": string(survivor), "objectIdToMerge": string(ids[0])})
		_, _, result, err := b.process(p, disk, crash{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]apply.Outcome{apply.Stale, apply.Applied, apply.Applied}, outcomes(result)); diff != "" {
			t.Errorf("outcomes (-want +got):\n%s", diff)
		}
		if reason := result.Entries[0].Reason; !strings.Contains(reason, "it was merged into contact ") {
			t.Errorf("the reason is %q", reason)
		}
		if stage := b.text(ids[0], "lifecyclestage"); stage != "" {
			t.Errorf("the stage of the merged contact became %q", stage)
		}
	})
}

// told is how a run ended by what is on its disk; nil when it did not begin.
func (b *bench) told(p *plan.Plan, disk []byte) *apply.Result {
	b.t.Helper()
	log, err := journal.Read(bytes.NewReader(disk))
	if err != nil {
		b.t.Fatal(err)
	}
	if log.Begin() == nil {
		return nil
	}
	result, err := apply.Review(p, log.Records)
	if err != nil {
		b.t.Fatal(err)
	}
	return result
}

// Somebody else created the contact without its link: wherever the run dies between
// finding that out and writing the link, the link is there in the end.
func TestAdoptedContactKeepsItsLinks(t *testing.T) {
	t.Parallel()
	for n, fired := 1, true; fired; n++ {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, portal.Config{}, nil)
			company := b.add("companies", map[string]string{"domain": "acme.example"})[0]
			theirs := b.add("contacts", map[string]string{"email": "new@example.com", "lastname": "New"})[0]
			change := create("new@example.com", crm.Value{Name: "lastname", Text: "New"})
			change.Associations = associate("", "", company).Associations
			p := b.plan(change)
			disk, effects, _, _ := b.process(p, nil, crash{n: n})
			fired = effects >= n
			if told := b.told(p, disk); told != nil && told.Complete() && b.links(theirs, crm.TypeCompany) == 0 {
				t.Errorf("crash at %d: the journal says that the link is there", n)
			}
			_, _, result, err := b.process(p, disk, crash{})
			if err != nil || !result.Complete() {
				t.Errorf("crash at %d: %v, %+v", n, err, result)
			}
			if links := b.links(theirs, crm.TypeCompany); links != 1 {
				t.Errorf("crash at %d: %d links", n, links)
			}
		})
	}
}

// What a cut run may have sent, and what another person changed meanwhile, is stale:
// it is not written over.
func TestWriteInDoubtThatMovedOnIsStale(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, portal.Config{}, nil)
		ids := b.people(2)
		p := b.plan(append(b.updates(ids), create("new@example.com", crm.Value{Name: "lastname", Text: "New"}))...)
		disk, _, _, _ := b.process(p, nil, crash{record: 4}) // the create's intent is the last
		theirs := b.add("contacts", map[string]string{"email": "new@example.com", "lastname": "Theirs"})[0]
		_, _, result, err := b.process(p, disk, crash{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]apply.Outcome{apply.Applied, apply.Applied, apply.Stale}, outcomes(result)); diff != "" {
			t.Errorf("outcomes (-want +got):\n%s", diff)
		}
		if text := b.text(theirs, "lastname"); text != "Theirs" {
			t.Errorf("their contact became %q", text)
		}
	})
}

// What the journal decided stands, whatever became of it since: it is neither read nor
// written again.
func TestWhatWasDecidedStands(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	ids := b.people(2)
	p := b.plan(b.updates(ids[:1])[0], update(ids[1], address(1), "hs_lead_status", "", "no such option"))
	n := &notebook{bench: b}
	if _, err := apply.Run(t.Context(), b.remote, p, apply.Options{ReadAt: time.Now(), Journal: n}); err != nil {
		t.Fatal(err)
	}
	b.set(ids[0], "lastname", "Theirs")
	cut := n.records[:len(n.records)-1]
	requests := b.during(func() {
		result, err := apply.Resume(t.Context(), b.remote, p, cut, apply.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]apply.Outcome{apply.Applied, apply.Failed}, outcomes(result)); diff != "" {
			t.Errorf("outcomes (-want +got):\n%s", diff)
		}
	})
	if requests.Mutations() > 0 || requests["POST /crm/v3/objects/contacts/batch/read"] > 0 {
		t.Errorf("requests: %v", requests)
	}
}

// A run that is stopped again before a write in doubt was read back says that it is.
func TestDoubtOutlivesARunThatStops(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, portal.Config{}, nil)
		p := b.plan(b.updates(b.people(2))...)
		disk, _, _, _ := b.process(p, nil, crash{record: 2})
		log, err := journal.Read(bytes.NewReader(disk))
		if err != nil {
			t.Fatal(err)
		}
		n := &notebook{bench: b, failAt: 1}
		result, err := apply.Resume(t.Context(), b.remote, p, log.Records, apply.Options{Journal: n})
		if !errors.Is(err, apply.ErrJournal) {
			t.Errorf("the error is %v", err)
		}
		review, err := apply.Review(p, log.Records)
		if err != nil {
			t.Fatal(err)
		}
		for _, got := range []*apply.Result{result, review} {
			if diff := cmp.Diff([]apply.Outcome{apply.Unknown, apply.Unknown}, outcomes(got)); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
		}
	})
}

func TestRecordsOfAnotherPlanAreRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	ids := b.people(2)
	p, other := b.plan(b.updates(ids)...), b.plan(b.updates(ids[:1])...)
	begin := journal.Record{Begin: &journal.Begin{Version: journal.Version, PlanDigest: p.Digest(), Portal: p.Portal, Changes: 2}}
	strange := journal.Record{Outcome: &journal.Outcome{Items: []journal.Item{{Change: 0, Part: 7, Outcome: "applied"}}}}
	for name, records := range map[string][]journal.Record{"no records": nil, "another plan": {begin}, "a write too many": {begin, strange}} {
		of := p
		if name == "another plan" {
			of = other
		}
		if _, err := apply.Resume(t.Context(), b.remote, of, records, apply.Options{}); !errors.Is(err, apply.ErrOtherPlan) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A rename is not done because the values beside it are as planned.
func TestRenameWithValuesThatAreThereAlready(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	ids := b.people(1)
	change := b.updates(ids)[0]
	change.From, change.Email = change.Email, "renamed@example.com"
	b.set(ids[0], "lastname", "After")
	result, err := apply.Run(t.Context(), b.remote, b.plan(change), apply.Options{})
	if err != nil || !result.Complete() {
		t.Fatalf("%v, %+v", err, result)
	}
	if email := b.text(ids[0], "email"); email != "renamed@example.com" {
		t.Errorf("the address is %q", email)
	}
}
