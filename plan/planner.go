package plan

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"
)

// Planner compares live contacts, as they arrive, with a document. It keeps what
// changes and forgets the rest. Its methods may be called from several goroutines.
type Planner struct {
	judge   *judge
	doc     *spec.Document
	options Options

	mu       sync.Mutex
	index    *index
	slots    []slot                   // one a declared contact
	problems map[int32]diag.List      // errors found before its live side is looked at
	shared   map[crm.ObjectID][]int32 // live contacts that several declared ones name
	bin      map[int32]binned         // declared contacts found in the recycle bin
	list     diag.List                // warnings, and errors of the whole document
	pruning  *pruning                 // nil when contacts that no file names are left alone
	matched  []match                  // reused by Add
	explains int32                    // the contact whose live side is kept to be explained, or none
	unique   []string                 // names of the portal's unique properties, sorted
	held     map[possession]bool      // declared values of these that live contacts hold already
	linked   map[int32][]crm.Ref      // records named by an id that live contacts are associated with
	missing  map[crm.Ref]bool         // records named by an id that the portal does not have
	holders  map[crm.Value]crm.ObjectID
}

// slot is what is known of one declared contact.
type slot struct {
	candidates []candidate
	chosen     int32 // index in candidates, or none
	frees      int32 // the contact whose rename sets this one's address free, or none
	blocked    bool  // has an error that settles what it is
}

// candidate is a live contact that a declared one may be, with what would change
// if it is. Live is kept only where that cannot be said before all are known.
type candidate struct {
	id       crm.ObjectID
	role     role
	live     *crm.Contact
	decision *decision // nil: nothing changes and there is nothing to say
	doubtful bool      // id and address disagree, so that others must not count on it
}

type binned struct {
	id crm.ObjectID
	at string
}

const none = -1

// New returns a planner for a document and the portal it is meant for. What Check
// finds is part of what Plan reports.
func New(doc *spec.Document, portal *crm.Portal, options Options) *Planner {
	p := &Planner{
		judge:    newJudge(portal, doc.Settings()),
		doc:      doc,
		options:  options,
		index:    newIndex(doc.Len()),
		slots:    make([]slot, doc.Len()),
		problems: make(map[int32]diag.List),
		shared:   make(map[crm.ObjectID][]int32),
		bin:      make(map[int32]binned),
		explains: none,
		unique:   uniqueNames(portal),
		held:     make(map[possession]bool),
		linked:   make(map[int32][]crm.Ref),
		missing:  make(map[crm.Ref]bool),
	}
	p.judge.now = options.Now
	p.list = p.judge.checkPruning()
	for i, c := range p.declared() {
		p.slots[i] = slot{chosen: none, frees: none}
		p.index.add(i, &c)
	}
	for i, c := range p.declared() {
		p.note(i, p.judge.check(&c, peers{of: p.expected}))
		if first, ok := p.index.declared(c.Email); ok && first != i {
			p.declaredTwice(i, &c, first)
		}
	}
	p.startPruning()
	return p
}

// declared yields the document's contacts with their places in slots.
func (p *Planner) declared() iter.Seq2[int32, spec.Contact] {
	return func(yield func(int32, spec.Contact) bool) {
		var i int32
		for _, c := range p.doc.All() {
			if !yield(i, c) {
				return
			}
			i++
		}
	}
}

// expected answers for declared contacts while it is not known yet what becomes
// of them.
func (p *Planner) expected(email crm.Email) peer {
	if _, ok := p.index.declared(email); ok {
		return peer{state: peerLive, ref: crm.Ref{Type: crm.TypeContact, Email: email}}
	}
	return peer{state: peerUndeclared}
}

// note files what was found about a contact. An error leaves the contact out.
func (p *Planner) note(i int32, found diag.List) {
	if found.HasErrors() {
		p.problems[i] = append(p.problems[i], found...)
		return
	}
	p.list = append(p.list, found...)
}

func (p *Planner) declaredTwice(i int32, c *spec.Contact, first int32) {
	other := p.doc.Contact(int(first))
	d := refusal(c, diag.TwoDeclarations, c.At, fmt.Sprintf("%s is declared twice.", c.Email), "keep one of the two")
	d.Related = []diag.Related{{At: other.At, Note: "also declared here"}}
	p.note(i, diag.List{d})
}

// Add takes live contacts, in any order and any number of calls, and those found
// in the recycle bin. A record that is added twice counts once.
func (p *Planner) Add(live ...crm.Contact) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range live {
		p.matched = p.index.match(&live[i], p.matched)
		for _, m := range p.matched {
			if live[i].Archived {
				p.addBinned(&live[i], m)
				continue
			}
			p.addLive(&live[i], m)
		}
		if len(p.matched) > 1 && !live[i].Archived {
			p.share(live[i].ID)
		}
	}
}

func (p *Planner) addBinned(live *crm.Contact, m match) {
	found := binned{live.ID, live.ArchivedAt}
	if known, ok := p.bin[m.contact]; ok && cmp.Or(cmp.Compare(known.at, found.at), known.id.Compare(found.id)) >= 0 {
		return
	}
	p.bin[m.contact] = found
}

// addLive files a live contact under a declared one that may be it. Of several
// reads of one record that one counts which tells most about how the two are
// connected: an address of a merged contact stands in no property.
func (p *Planner) addLive(live *crm.Contact, m match) {
	s := &p.slots[m.contact]
	c := p.doc.Contact(int(m.contact))
	k := slices.IndexFunc(s.candidates, func(other candidate) bool { return other.id == live.ID })
	switch {
	case k < 0:
		s.candidates = append(s.candidates, candidate{id: live.ID, role: m.role})
		k = len(s.candidates) - 1
	case m.role < s.candidates[k].role, slices.Contains(live.Asked, string(c.Email)):
	default:
		return
	}
	p.noteHeld(m.contact, &c, live)
	p.noteLinked(m.contact, &c, live)
	found := candidate{id: live.ID, role: min(m.role, s.candidates[k].role), doubtful: p.judge.disagree(&c, live)}
	switch {
	case m.contact == p.explains:
		kept := *live
		found.live = &kept
	case len(p.problems[m.contact]) > 0:
	case p.leadsToDeclared(&c), p.judge.exact(crm.TypeContact):
		kept := *live
		found.live = &kept
	default:
		if d := p.judge.decide(&c, live, noPeers(), false); d.change.Action != 0 || len(d.problems) > 0 {
			kept := d
			found.decision = &kept
		}
	}
	s.candidates[k] = found
}

// leadsToDeclared reports whether the contact is associated with another declared
// one, whose record must be known first.
func (p *Planner) leadsToDeclared(c *spec.Contact) bool {
	return slices.ContainsFunc(c.Associations, func(a spec.Association) bool {
		_, declared := p.index.declared(a.To.Email)
		return declared
	})
}

// share remembers that several declared contacts name one record; a second read
// of the same record may name further ones.
func (p *Planner) share(id crm.ObjectID) {
	for _, m := range p.matched {
		if !slices.Contains(p.shared[id], m.contact) {
			p.shared[id] = append(p.shared[id], m.contact)
		}
	}
}

// Plan returns what would change, sorted by address and id, and every diagnostic,
// sorted by place. The plan is nil when an error refuses it: any error, or with
// SkipInvalid one that is not a single contact's. Plan may be called once, after
// the last Add.
func (p *Planner) Plan() (*Plan, diag.List) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.settle()
	a := assembly{planner: p}
	a.pair()
	for i, c := range p.declared() {
		a.take(i, &c)
	}
	a.checkFates()
	a.dropMissing()
	a.dropTaken()
	a.dropDependents()
	a.prune()
	refused := p.list.HasErrors()
	for _, i := range slices.Sorted(maps.Keys(p.problems)) {
		p.list = append(p.list, p.problems[i]...)
	}
	p.list.Sort()
	if refused || (p.list.HasErrors() && !p.options.SkipInvalid) {
		return nil, p.list
	}
	return a.plan(), p.list
}
