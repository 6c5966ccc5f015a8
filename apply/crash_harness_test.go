package apply_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/journal"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/spec"
)

var errGone = errors.New("the process is gone")

// A crash is the death of a process before or after its n-th effect: a write to the
// journal, a sync of it, a request. Torn leaves half of what was not synced on the
// disk, as a lost machine may; otherwise all of that is lost.
type crash struct {
	n           int
	after, torn bool
	record      int // or: die when so many records are on the disk
}

// Doors are the ways by which a process has effects: its journal's file, and its
// transport. Once it has crashed, it has none.
type doors struct {
	crash
	next http.RoundTripper

	mu            sync.Mutex
	effects       int
	down          bool
	cached, saved []byte
}

// pass lets an effect happen, unless the process is gone or dies of it. What the
// process is told of its last effect is of no account.
func (d *doors) pass(effect func() error) error {
	d.mu.Lock()
	d.effects++
	gone, dies := d.down, d.effects == d.n
	d.down = d.down || dies
	d.mu.Unlock()
	if gone || dies && !d.after {
		return errGone
	}
	if err := effect(); err != nil || !dies {
		return err
	}
	return errGone
}

func (d *doors) Write(line []byte) (int, error) {
	return len(line), d.pass(func() error {
		d.cached = append(d.cached, line...)
		return nil
	})
}

func (d *doors) Sync() error {
	return d.pass(func() error {
		d.saved, d.cached = append(d.saved, d.cached...), nil
		if d.record == 0 || bytes.Count(d.saved, []byte("\n")) < d.record {
			return nil
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		d.down = true
		return errGone
	})
}

func (d *doors) Close() error { return nil }

func (d *doors) RoundTrip(r *http.Request) (*http.Response, error) {
	var response *http.Response
	err := d.pass(func() (err error) {
		response, err = d.next.RoundTrip(r) //nolint:bodyclose // closed below, or by the client
		return err
	})
	if err != nil && response != nil {
		_ = response.Body.Close()
	}
	if err != nil {
		return nil, err
	}
	return response, nil
}

// disk is what the next process finds.
func (d *doors) disk() []byte {
	if d.torn {
		return slices.Concat(d.saved, d.cached[:len(d.cached)/2])
	}
	return d.saved
}

// process carries out a plan by what a journal's disk holds, as the command does: it
// resumes a run that began, and begins one that did not. It returns the disk that it
// left and how many effects it had.
func (b *bench) process(p *plan.Plan, disk []byte, c crash) (left []byte, effects int, result *apply.Result, err error) {
	b.t.Helper()
	log, err := journal.Read(bytes.NewReader(disk))
	if err != nil {
		b.t.Fatalf("after crash %+v: %v", c, err)
	}
	d := &doors{crash: c, next: b.portal.Transport(), saved: slices.Clone(disk[:bytes.LastIndexByte(disk, '\n')+1])}
	remote := client(b.t, d, hubspot.V3)
	options := apply.Options{Concurrency: 1, Journal: log.Continue(d), Run: "r"}
	if log.Begin() == nil {
		result, err = apply.Run(b.t.Context(), remote, p, options)
	} else {
		result, err = apply.Resume(b.t.Context(), remote, p, log.Records, options)
	}
	return d.disk(), d.effects, result, err
}

// finish resumes a run to its end, which must bring the portal to the model, and must
// not have taken more writes than a run that nothing happens to: whatever was sent
// before is read back and not sent again.
func (b *bench) finish(p *plan.Plan, doc *spec.Document, disk []byte, want model, c ...crash) {
	b.t.Helper()
	disk, _, result, err := b.process(p, disk, crash{})
	if err != nil || !result.Complete() || len(result.Entries) != len(p.Changes) {
		b.t.Fatalf("crashes %+v: resumed, the run ended with %v: %+v", c, err, result)
	}
	if result.Counts.Already > 0 { // nobody else writes
		b.t.Fatalf("crashes %+v: what the run had sent is said to have been there before it: %+v", c, result.Counts)
	}
	if diff := cmp.Diff(want, b.model(), cmp.AllowUnexported(model{})); diff != "" {
		b.t.Fatalf("crashes %+v: the portal (-want +got):\n%s", c, diff)
	}
	b.demandNothing(b.t, doc)
	log, err := journal.Read(bytes.NewReader(disk))
	if err != nil || log.State() != journal.Finished {
		b.t.Fatalf("crashes %+v: the journal ends in state %v: %v", c, log.State(), err)
	}
	review, err := apply.Review(p, log.Records)
	if err != nil {
		b.t.Fatal(err)
	}
	if diff := cmp.Diff(outcomes(result), outcomes(review)); diff != "" {
		b.t.Fatalf("crashes %+v: outcomes by the journal (-want +got):\n%s", c, diff)
	}
}

// A model is what a run leaves, and how many writes the portal has seen by then.
type model struct {
	state  []string
	writes int
}

func (b *bench) model() model { return model{b.state(), b.portal.Requests().Mutations()} }

// state is what a portal holds, without ids: a line for each live contact and its
// links, and one for each archived contact.
func (b *bench) state() []string {
	b.t.Helper()
	properties := []string{"email", "lastname", "jobtitle", "lifecyclestage"}
	names, contacts := make(map[string]string), make(map[string]string)
	list := func(objectType string, archived bool) {
		for page, err := range b.own.Objects(b.t.Context(), objectType, hubspot.ListOptions{Properties: append(properties, "domain"), Archived: archived}) {
			if err != nil {
				b.t.Fatal(err)
			}
			for _, object := range page {
				var texts []string
				for _, name := range append(properties, "domain") {
					if text := object.Properties[name]; text != nil && *text != "" {
						texts = append(texts, name+"="+*text)
					}
				}
				names[object.ID] = texts[0]
				if objectType == "contacts" {
					contacts[object.ID] = fmt.Sprintf("archived=%t %s", archived, strings.Join(texts, " "))
				}
			}
		}
	}
	list("companies", false)
	list("contacts", false)
	for _, to := range []crm.ObjectType{crm.TypeCompany, crm.TypeContact} {
		ids := slices.Collect(maps.Keys(contacts))
		records, err := b.own.AssociationsOf(b.t.Context(), "contacts", to.Plural(), ids)
		if err != nil {
			b.t.Fatal(err)
		}
		for _, record := range records {
			var links []string
			for _, other := range record.To {
				for _, label := range other.AssociationTypes {
					links = append(links, fmt.Sprintf(" -> %s (%d)", names[string(other.ToObjectID)], label.TypeID))
				}
			}
			slices.Sort(links)
			contacts[string(record.From.ID)] += strings.Join(links, "")
		}
	}
	list("contacts", true)
	return slices.Sorted(maps.Values(contacts))
}

// crowd fills a portal with n contacts and declares a change of each kind, each for a
// part of them.
func crowd(t *testing.T, n int) (*bench, *spec.Document, *plan.Plan) {
	t.Helper()
	return crowdIn(t, "", n)
}

// crowdIn is crowd in a file.
func crowdIn(t *testing.T, path string, n int) (*bench, *spec.Document, *plan.Plan) {
	t.Helper()
	b := newBench(t, portal.Config{Path: path}, nil)
	company := b.add("companies", map[string]string{"domain": "acme.example"})[0]
	people := make([]map[string]string, n)
	for i := range people {
		people[i] = map[string]string{"email": address(i), "lastname": "Before"}
		if i%6 == 1 {
			people[i]["lifecyclestage"] = "customer"
		}
	}
	ids := b.add("contacts", people...)
	var links []plan.Change
	for i := 3; i < n; i += 6 {
		links = append(links, associate(ids[i], address(i), company))
	}
	b.run(links...)
	doc := crowded(n, company)
	p := b.planned(t, doc)
	allow(p)
	return b, doc, p
}

func crowded(n int, company crm.ObjectID) *spec.Document {
	var all []spec.Contact
	for k := 0; k < n; k += 6 {
		for i, contact := range kinds(company) {
			switch {
			case i < 5 && k+i >= n:
				continue
			case i == 1:
				contact.PreviousEmails = []crm.Email{crm.Email(address(k + 1))}
				contact.Email = crm.Email(fmt.Sprintf("renamed%d@example.com", k))
			case i < 5:
				contact.Email = crm.Email(address(k + i))
			default:
				contact.Email = crm.Email(fmt.Sprintf("new%d-%d@example.com", i-5, k))
				contact.Associations[1].To.Email = crm.Email(fmt.Sprintf("new%d-%d@example.com", 6-i, k))
			}
			contact.Written = string(contact.Email)
			all = append(all, contact)
		}
	}
	return spec.NewDocument(all)
}
