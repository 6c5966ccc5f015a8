package apply_test

import (
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
)

// dropRequest answers in the portal's stead, which never hears of the request: the
// client cannot tell it from an answer that was lost.
func dropRequest(r *http.Request, _ http.RoundTripper) (*http.Response, error) {
	return answer(http.StatusBadGateway, "<html>bad gateway</html>")(r, nil)
}

func TestCreateWhoseAnswerIsLostIsNotRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &fault{suffix: "/contacts/batch/create", first: 1, last: 1, do: loseAnswer}
		b := newBench(t, portal.Config{}, f.wrap)
		company := b.add("companies", map[string]string{"domain": "acme.example"})[0]
		changes := make([]plan.Change, 100)
		for i := range changes {
			changes[i] = create(address(i), crm.Value{Name: "lastname", Text: "Doe"})
		}
		changes[7].Associations = []plan.AssociationChange{{To: crm.Ref{Type: crm.TypeCompany, ID: company}, After: []crm.AssociationType{worksAt}}}
		var result *apply.Result
		requests := b.during(func() { result = b.run(changes...) })
		if !result.Complete() || result.Counts.Created != 100 {
			t.Errorf("counts %+v", result.Counts)
		}
		if n := requests["POST /crm/v3/objects/contacts/batch/create"]; n != 1 {
			t.Errorf("%d creates reached the portal, want 1", n)
		}
		for _, i := range []int{0, 99} {
			if n := b.holders(address(i)); n != 1 {
				t.Errorf("%d contacts hold %s", n, address(i))
			}
		}
		if n := b.links(result.Entries[7].ID, crm.TypeCompany); n != 1 {
			t.Errorf("the adopted contact has %d companies, want 1", n)
		}
	})
}

func TestCreateThatNeverArrivedIsSentOnceMore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &fault{suffix: "/contacts/batch/create", first: 1, last: 1, do: dropRequest}
		b := newBench(t, portal.Config{}, f.wrap)
		result := b.run(create("ada@example.com"), create("lee@example.com"))
		if !result.Complete() || b.holders("ada@example.com") != 1 || f.seen != 2 {
			t.Errorf("counts %+v after %d sendings", result.Counts, f.seen)
		}
	})
}

func TestWriteThatIsLostTwiceStaysUnknown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &fault{suffix: "/contacts/batch/update", first: 1, last: 99, do: dropRequest}
		b := newBench(t, portal.Config{}, f.wrap)
		id := b.people(1)[0]
		result := b.run(update(id, address(0), "lastname", "Before", "After"))
		if diff := cmp.Diff([]apply.Outcome{apply.Unknown}, outcomes(result)); diff != "" {
			t.Errorf("outcomes (-want +got):\n%s", diff)
		}
		if f.seen != 2 {
			t.Errorf("sent %d times, want 2", f.seen)
		}
	})
}

// A lost answer is read back; what is found decides.
func TestLostAnswersAreReadBack(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		suffix string
		do     func(b *bench, id crm.ObjectID) deed
		change func(id, company crm.ObjectID) plan.Change
		want   apply.Outcome
		sent   int
	}{
		{
			"update committed", "/contacts/batch/update",
			func(*bench, crm.ObjectID) deed {
				return loseAnswer
			},
			func(id, _ crm.ObjectID) plan.Change { return update(id, address(0), "lastname", "Before", "After") },
			apply.Applied, 1,
		},
		{
			"update not committed", "/contacts/batch/update",
			func(*bench, crm.ObjectID) deed {
				return dropRequest
			},
			func(id, _ crm.ObjectID) plan.Change { return update(id, address(0), "lastname", "Before", "After") },
			apply.Applied, 2,
		},
		{
			"update overtaken", "/contacts/batch/update",
			func(b *bench, id crm.ObjectID) deed {
				return func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
					b.set(id, "lastname", "Somebody else's")
					return dropRequest(r, next)
				}
			},
			func(id, _ crm.ObjectID) plan.Change { return update(id, address(0), "lastname", "Before", "After") },
			apply.Stale, 1,
		},
		{
			"archive committed", "/contacts/batch/archive",
			func(*bench, crm.ObjectID) deed {
				return loseAnswer
			},
			func(id, _ crm.ObjectID) plan.Change { return archive(id, address(0)) },
			apply.Applied, 1,
		},
		{
			"archive not committed", "/contacts/batch/archive",
			func(*bench, crm.ObjectID) deed {
				return dropRequest
			},
			func(id, _ crm.ObjectID) plan.Change { return archive(id, address(0)) },
			apply.Applied, 2,
		},
		{
			"association committed", "/contacts/companies/batch/create",
			func(*bench, crm.ObjectID) deed {
				return loseAnswer
			},
			func(id, company crm.ObjectID) plan.Change { return associate(id, address(0), company) },
			apply.Applied, 1,
		},
		{
			"association not committed", "/contacts/companies/batch/create",
			func(*bench, crm.ObjectID) deed {
				return dropRequest
			},
			func(id, company crm.ObjectID) plan.Change { return associate(id, address(0), company) },
			apply.Applied, 2,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := &fault{suffix: test.suffix, first: 1, last: 1}
				b := newBench(t, portal.Config{}, f.wrap)
				id := b.people(1)[0]
				company := b.add("companies", map[string]string{"domain": "acme.example"})[0]
				f.do = test.do(b, id)
				result := b.run(test.change(id, company))
				if diff := cmp.Diff([]apply.Outcome{test.want}, outcomes(result)); diff != "" {
					t.Errorf("outcomes (-want +got):\n%s\n%+v", diff, result.Entries)
				}
				if f.seen != test.sent || f.fired != 1 {
					t.Errorf("sent %d times (%d faults), want %d", f.seen, f.fired, test.sent)
				}
			})
		})
	}
}

func TestLostAnswerThatCannotBeReadBackStaysUnknown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		lose := &fault{suffix: "/contacts/batch/create", first: 1, last: 1, do: loseAnswer}
		deaf := &fault{suffix: "/contacts/batch/read", first: 1, last: 99, do: answer(http.StatusUnauthorized, `{"category":"INVALID_AUTHENTICATION"}`)}
		b := newBench(t, portal.Config{}, func(next http.RoundTripper) http.RoundTripper { return lose.wrap(deaf.wrap(next)) })
		result, err := apply.Run(t.Context(), b.remote, b.plan(create("ada@example.com")), apply.Options{})
		if err == nil {
			t.Error("a refused token did not end the run with an error")
		}
		if diff := cmp.Diff([]apply.Outcome{apply.Unknown}, outcomes(result)); diff != "" {
			t.Errorf("outcomes (-want +got):\n%s", diff)
		}
	})
}

var worksAt = crm.AssociationType{Category: crm.HubSpotDefined, TypeID: 279}

func associate(id crm.ObjectID, email string, company crm.ObjectID, types ...crm.AssociationType) plan.Change {
	return plan.Change{
		Action: plan.Update, ID: id, Email: crm.Email(email),
		Associations: []plan.AssociationChange{{
			To: crm.Ref{Type: crm.TypeCompany, ID: company}, After: append([]crm.AssociationType{worksAt}, types...),
		}},
	}
}

// links counts the records of a type that a contact is associated with.
func (b *bench) links(id crm.ObjectID, to crm.ObjectType) int {
	b.t.Helper()
	records, err := b.own.AssociationsOf(b.t.Context(), "contacts", to.Plural(), []string{string(id)})
	if err != nil {
		b.t.Fatalf("reading associations: %v", err)
	}
	n := 0
	for _, record := range records {
		n += len(record.To)
	}
	return n
}
