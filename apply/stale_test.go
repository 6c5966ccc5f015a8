package apply_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
)

// A saved plan meets a portal that moved on: nothing is written over.
func TestContactsThatMovedOnAreStale(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	ids := b.people(7)
	changes := b.updates(ids[:5])
	changes = append(changes, archive(ids[5], address(5)), archive(ids[6], address(6)))
	b.set(ids[1], "lastname", "Theirs")
	b.set(ids[2], "lastname", "After")
	b.set(ids[3], "email", "moved@example.com")
	if err := b.own.ArchiveObject(t.Context(), "contacts", string(ids[4])); err != nil {
		t.Fatal(err)
	}
	b.set(ids[5], "email", "reused@example.com")
	result, err := apply.Run(t.Context(), b.remote, b.plan(changes...), apply.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []apply.Outcome{apply.Applied, apply.Stale, apply.Applied, apply.Stale, apply.Stale, apply.Stale, apply.Applied}
	if diff := cmp.Diff(want, outcomes(result)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	for i, entry := range result.Entries {
		if entry.Outcome == apply.Stale && entry.Reason == "" {
			t.Errorf("change %d is stale without a reason", i)
		}
	}
	if text := b.text(ids[1], "lastname"); text != "Theirs" {
		t.Errorf("their lastname became %q", text)
	}
	if text := b.text(ids[5], "email"); text != "reused@example.com" {
		t.Errorf("the contact whose address changed was archived")
	}
}

// What no file names is archived only while all holds that it was judged by.
func TestPrunedContactsMustBeAsTheyWereJudged(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	var changes []plan.Change
	var ids []crm.ObjectID
	for i := range 6 {
		id := b.add("contacts", map[string]string{"email": address(i), "company": "ours", "lifecyclestage": "lead"})[0]
		change := archive(id, address(i))
		change.Expect = []crm.Value{{Name: "company", Text: "ours"}, {Name: "email", Text: address(i)}, {Name: "lifecyclestage", Text: "lead"}, {Name: "num_associated_deals"}}
		changes, ids = append(changes, change), append(ids, id)
	}
	b.set(ids[1], "company", "theirs")
	b.set(ids[2], "lifecyclestage", "customer")
	b.set(ids[3], "email", "moved@example.com")
	changes[4].Expect[3].Text = "1" // the plan saw a deal, and there is none
	b.set(ids[5], "email", "second@example.com")
	b.set(ids[5], "hs_additional_emails", address(5))
	p := b.plan(changes...)
	stale, err := apply.Recheck(t.Context(), b.own, p)
	if err != nil || len(stale) != 5 {
		t.Errorf("checked again: %v, %v", stale, err)
	}
	result, err := apply.Run(t.Context(), b.remote, p, apply.Options{ReadAt: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	want := []apply.Outcome{apply.Applied, apply.Stale, apply.Stale, apply.Stale, apply.Stale, apply.Stale}
	if diff := cmp.Diff(want, outcomes(result)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	const reason = "lifecyclestage was changed in the portal since it was planned, and no file names the contact"
	if got := result.Entries[2].Reason; got != reason {
		t.Errorf("the reason is %q", got)
	}
}

func TestConflictFailWritesNothingWhenAnyContactIsStale(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	ids := b.people(150)
	changes := b.updates(ids)
	b.set(ids[149], "lastname", "Theirs")
	var refusal *apply.StaleError
	requests := b.during(func() {
		_, err := apply.Run(t.Context(), b.remote, b.plan(changes...), apply.Options{OnConflict: apply.ConflictFail})
		if !errors.As(err, &refusal) {
			t.Fatalf("the error is %v", err)
		}
	})
	if diff := cmp.Diff([]int{149}, refusal.Changes); diff != "" {
		t.Errorf("stale changes (-want +got):\n%s", diff)
	}
	if n := requests.Mutations(); n != 0 {
		t.Errorf("%d writes", n)
	}
}

func TestSecondApplyOfAPlanWritesNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	ids := b.people(3)
	changes := append(b.updates(ids[:2]), archive(ids[2], address(2)), create("new@example.com", crm.Value{Name: "lastname", Text: "Doe"}))
	for round := range 2 {
		result, err := apply.Run(t.Context(), b.remote, b.plan(changes...), apply.Options{})
		if err != nil || !result.Complete() {
			t.Fatalf("round %d: %v, %+v", round, err, result.Entries)
		}
	}
	if n := b.holders("new@example.com"); n != 1 {
		t.Errorf("%d contacts hold the new address", n)
	}
}

func TestLabelsAddedMeanwhileSurvive(t *testing.T) {
	t.Parallel()
	billing := crm.AssociationType{Category: crm.HubSpotDefined, TypeID: 931, Label: "Billing Contact"}
	primary := crm.AssociationType{Category: crm.HubSpotDefined, TypeID: 1, Label: "Primary"}
	b := newBench(t, portal.Config{}, nil)
	id := b.people(1)[0]
	company := b.add("companies", map[string]string{"domain": "acme.example"})[0]
	b.run(associate(id, address(0), company, billing))
	result := b.run(associate(id, address(0), company, primary))
	if !result.Complete() {
		t.Fatalf("entries: %+v", result.Entries)
	}
	if diff := cmp.Diff([]int{1, 279, 931}, b.types(id, company)); diff != "" {
		t.Errorf("types (-want +got):\n%s", diff)
	}
	change := associate(id, address(0), company)
	change.Associations[0].Before = []crm.AssociationType{primary, worksAt, billing}
	change.Associations[0].After = []crm.AssociationType{primary, worksAt}
	if result := b.run(change); !result.Complete() {
		t.Fatalf("entries: %+v", result.Entries)
	}
	if diff := cmp.Diff([]int{1, 279}, b.types(id, company)); diff != "" {
		t.Errorf("types after one label was removed (-want +got):\n%s", diff)
	}
	change.Associations[0].Before, change.Associations[0].After = change.Associations[0].After, nil
	if result := b.run(change); !result.Complete() || result.Counts.Dissociated != 1 {
		t.Fatalf("entries: %+v", result.Entries)
	}
	if n := b.links(id, crm.TypeCompany); n != 0 {
		t.Errorf("%d companies are left", n)
	}
}

// types are the type ids of one pair, sorted.
func (b *bench) types(id, company crm.ObjectID) []int {
	b.t.Helper()
	records, err := b.own.AssociationsOf(b.t.Context(), "contacts", "companies", []string{string(id)})
	if err != nil {
		b.t.Fatalf("reading associations: %v", err)
	}
	var types []int
	for _, record := range records {
		for _, to := range record.To {
			if string(to.ToObjectID) == string(company) {
				for _, label := range to.AssociationTypes {
					types = append(types, label.TypeID)
				}
			}
		}
	}
	slices.Sort(types)
	return types
}

func TestFailedAssociationLeavesTheContactStanding(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	ids := b.people(2)
	companies := b.add("companies", map[string]string{"domain": "acme.example"}, map[string]string{"domain": "gone.example"})
	if err := b.own.ArchiveObject(t.Context(), "companies", string(companies[1])); err != nil {
		t.Fatal(err)
	}
	change := update(ids[0], address(0), "lastname", "Before", "After")
	change.Associations = append(associate(ids[0], "", companies[0]).Associations, associate(ids[0], "", companies[1]).Associations...)
	change.Associations[1].Name = "gone.example"
	result := b.run(change, associate(ids[1], address(1), companies[0]))
	if diff := cmp.Diff([]apply.Outcome{apply.Failed, apply.Applied}, outcomes(result)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	entry := result.Entries[0]
	if entry.Contact != apply.Applied || entry.Associations[0].Outcome != apply.Applied || !strings.Contains(entry.Reason, "gone.example") {
		t.Errorf("the entry is %+v", entry)
	}
	if b.text(ids[0], "lastname") != "After" || b.links(ids[0], crm.TypeCompany) != 1 || b.links(ids[1], crm.TypeCompany) != 1 {
		t.Error("what could be written was not")
	}
}

func TestLinksBetweenContactsOfOneRun(t *testing.T) {
	t.Parallel()
	colleague := crm.AssociationType{Category: crm.HubSpotDefined, TypeID: 449}
	b := newStrictBench(t)
	doe := crm.Value{Name: "lastname", Text: "Doe"}
	knows := func(change plan.Change, email string) plan.Change {
		change.Associations = []plan.AssociationChange{{To: crm.Ref{Type: crm.TypeContact, Email: crm.Email(email)}, After: []crm.AssociationType{colleague}}}
		return change
	}
	result := b.run(
		knows(create("ada@example.com", doe), "lee@example.com"),
		create("lee@example.com", doe),
		knows(create("kim@example.com", doe), "bad@example.com"),
		create("bad@example.com"),
	)
	if diff := cmp.Diff([]apply.Outcome{apply.Applied, apply.Applied, apply.Skipped, apply.Failed}, outcomes(result)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	if n := b.links(result.Entries[1].ID, crm.TypeContact); n != 1 {
		t.Errorf("lee knows %d contacts, want 1", n)
	}
	if entry := result.Entries[2]; entry.Contact != apply.Applied || !strings.Contains(entry.Reason, "bad@example.com was not created") {
		t.Errorf("kim's entry is %+v", entry)
	}
}

func TestFailedCreateOrRenameHoldsArchivesBack(t *testing.T) {
	t.Parallel()
	for _, failing := range []string{"create", "rename"} {
		b := newStrictBench(t)
		ids := b.people(3)
		failed := create("bad@example.com")
		if failing == "rename" {
			failed = update(ids[1], address(2), "email", address(1), address(2))
			failed.From = crm.Email(address(1))
		}
		result := b.run(failed, archive(ids[0], address(0)))
		if diff := cmp.Diff([]apply.Outcome{apply.Failed, apply.Skipped}, outcomes(result)); diff != "" {
			t.Errorf("failed %s: outcomes (-want +got):\n%s", failing, diff)
		}
		if b.holders(address(0)) != 1 {
			t.Errorf("failed %s: the contact was archived", failing)
		}
	}
}

// A create that may or may not be in the portal holds them back as one that failed does.
func TestUnknownCreateHoldsArchivesBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &fault{suffix: "/contacts/batch/create", first: 1, last: 99, do: dropRequest}
		b := newBench(t, portal.Config{}, f.wrap)
		ids := b.people(1)
		result := b.run(create("new@example.com"), archive(ids[0], address(0)))
		if diff := cmp.Diff([]apply.Outcome{apply.Unknown, apply.Skipped}, outcomes(result)); diff != "" {
			t.Errorf("outcomes (-want +got):\n%s", diff)
		}
		if b.holders(address(0)) != 1 {
			t.Error("the contact was archived")
		}
	})
}

// A contact that was not written gets no links either.
func TestLinksOfAContactThatWasNotWrittenAreSkipped(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	id := b.people(1)[0]
	company := b.add("companies", map[string]string{"domain": "acme.example"})[0]
	change := update(id, address(0), "hs_lead_status", "", "no such option")
	change.Associations = associate(id, "", company).Associations
	entry := b.run(change).Entries[0]
	if entry.Outcome != apply.Failed || entry.Associations[0].Outcome != apply.Skipped || b.links(id, crm.TypeCompany) != 0 {
		t.Errorf("the entry is %+v", entry)
	}
}

func TestStageMovesBackward(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	id := b.people(1)[0]
	b.set(id, "lifecyclestage", "customer")
	change := update(id, address(0), "lifecyclestage", "customer", "lead")
	change.Properties[0].Backward = true
	if result := b.run(change); !result.Complete() {
		t.Fatalf("entries: %+v", result.Entries)
	}
	if stage := b.text(id, "lifecyclestage"); stage != "lead" {
		t.Errorf("the stage is %q, want lead", stage)
	}
}

// The stage is set after it was cleared, and not where that was refused.
func TestStageIsNotSetWhereItWasNotCleared(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	id := b.people(1)[0]
	b.set(id, "lifecyclestage", "customer")
	change := update(id, address(0), "lifecyclestage", "customer", "lead")
	change.Properties[0].Backward = true
	change.Properties = append(change.Properties, plan.PropertyChange{Name: "hs_lead_status", After: "no such option"})
	requests := b.during(func() {
		if entry := b.run(change).Entries[0]; entry.Outcome != apply.Failed {
			t.Errorf("the entry is %+v", entry)
		}
	})
	if n := requests["POST /crm/v3/objects/contacts/batch/update"]; n != 1 {
		t.Errorf("%d updates were sent, want the refused one alone", n)
	}
	if stage := b.text(id, "lifecyclestage"); stage != "customer" {
		t.Errorf("the stage is %q", stage)
	}
}

func TestStageThatIsNotKeptFails(t *testing.T) {
	t.Parallel()
	// The second update, the one that sets the stage, is answered and not carried out.
	var ids []crm.ObjectID
	f := &fault{suffix: "/contacts/batch/update", first: 2, last: 2, do: func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		return answer(200, fmt.Sprintf(`{"status":"COMPLETE","results":[{"id":%q,"properties":{}}],"startedAt":"","completedAt":""}`, ids[0]))(r, next)
	}}
	b := newBench(t, portal.Config{}, f.wrap)
	ids = b.people(1)
	b.set(ids[0], "lifecyclestage", "customer")
	change := update(ids[0], address(0), "lifecyclestage", "customer", "lead")
	change.Properties[0].Backward = true
	result := b.run(change)
	if entry := result.Entries[0]; entry.Outcome != apply.Failed || !strings.Contains(entry.Reason, "did not keep it") {
		t.Errorf("the entry is %+v", entry)
	}
}

func TestStageIsReadAgainHoweverFreshThePlan(t *testing.T) {
	t.Parallel()
	b := newBench(t, portal.Config{}, nil)
	id := b.people(1)[0]
	change := update(id, address(0), "lifecyclestage", "", "lead")
	b.set(id, "lifecyclestage", "customer")
	result, err := apply.Run(t.Context(), b.remote, b.plan(change), apply.Options{ReadAt: time.Now()})
	if err != nil || result.Entries[0].Outcome != apply.Stale {
		t.Errorf("%v, %+v", err, result.Entries)
	}
}
