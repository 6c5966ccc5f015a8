package plan

import (
	"maps"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"
)

// What becomes of contacts that no file names.
//
// A scope owns live contacts without naming them. With prune, those of them that no
// declared contact is are archived, or reported. This is the one place where a line
// that is missing does something, so everything here leans towards leaving alone:
//
//  1. Prune runs only over all files of a project, with nothing narrowed away.
//  2. Search and the list only say whom to look at (AddScope). What is decided is
//     decided by what was read of a candidate by its id, just now (AddCandidates):
//     one that was not read again is left alone.
//  3. A candidate that any declared contact may be, by any of its names, now or
//     before, is none to archive.
//  4. What was looked at stands in the change, and holds when it is applied, or
//     nothing is written.
//
// Of a candidate the planner keeps what a reviewer sees and what is compared, so
// memory follows the declared contacts and the candidates.

// pruning is what a planner keeps of contacts that no file names.
type pruning struct {
	archive bool // else they are reported
	scope   map[crm.ObjectID]struct{}
	strays  map[crm.ObjectID]*stray
	linked  map[crm.ObjectID]linked
}

// linked is a declared association that leads to a contact.
type linked struct {
	contact int32
	at      diag.Range
}

// stray is a candidate as it was read just now. Standing is 0 for one that nothing
// spares.
type stray struct {
	id       crm.ObjectID
	email    crm.Email
	live     Live
	standing Standing
	text     string
	declared int32     // of StrayRenamed: the contact that it was, or is
	address  crm.Email // of StrayRenamed: by this address
	guard    int       // of StrayProtected: which condition of protect
	person   string    // what a create would have in common with it; "" for nothing
	expect   []crm.Value
}

const (
	reasonPruned  = "pruned"
	propertyPhone = "phone"
)

// startPruning decides whether prune runs, and says why not.
func (p *Planner) startPruning() {
	settings := &p.judge.settings
	if settings.Prune != spec.PruneReport && settings.Prune != spec.PruneArchive {
		return
	}
	if why := p.options.narrowed(); why != "" {
		off := diag.New(diag.PruneOff, settings.PruneAt, why, "run without files, --target, --only and --skip-invalid to prune")
		p.list = append(p.list, off)
		return
	}
	present := false
	for _, c := range p.declared() {
		present = present || c.Ensure != spec.Archived
	}
	if !present {
		p.list = append(p.list, diag.New(diag.PruneNothingDesired, settings.PruneAt,
			"The files ask for no contact at all, so every contact in scope would be one that no file names.",
			"restore the files, or remove prune"))
	}
	if p.list.HasErrors() {
		return
	}
	p.pruning = &pruning{
		archive: settings.Prune == spec.PruneArchive,
		scope:   make(map[crm.ObjectID]struct{}),
		strays:  make(map[crm.ObjectID]*stray),
		linked:  p.linkedContacts(),
	}
}

// narrowed says in a sentence why the plan is not about everything that the project
// declares; "" if it is.
func (o *Options) narrowed() string {
	switch {
	case !o.Whole:
		return "Contacts that no file names are left alone: these files are not known to be all files of the project."
	case len(o.Targets) > 0 || len(o.Only) > 0:
		return "Contacts that no file names are left alone: the plan is narrowed to some contacts or some kinds of change."
	case o.SkipInvalid:
		return "Contacts that no file names are left alone: the plan leaves invalid contacts out, and a live one could be one of them."
	}
	return ""
}

// linkedContacts are the contacts that declared associations lead to, although no
// declared contact is one of them: archiving these would leave a file that names
// nobody.
func (p *Planner) linkedContacts() map[crm.ObjectID]linked {
	found := make(map[crm.ObjectID]linked)
	for i, c := range p.declared() {
		for _, a := range c.Associations {
			if a.To.Type != crm.TypeContact || a.Absent || c.Ensure == spec.Archived {
				continue
			}
			ids := p.judge.portal.Targets[a.To]
			if a.To.ID != "" {
				ids = []crm.ObjectID{a.To.ID}
			}
			for _, id := range ids {
				if first, known := found[id]; !known || a.At.Compare(first.at) < 0 {
					found[id] = linked{i, a.At}
				}
			}
		}
	}
	return found
}

// Prunes reports whether the plan looks at contacts that no file names: whether
// AddScope and AddCandidates must follow.
func (p *Planner) Prunes() bool { return p.pruning != nil }

// AddScope says which live contacts lie in the document's scope, in any order and
// any number of calls. Declared ones may be among them.
func (p *Planner) AddScope(ids ...crm.ObjectID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pruning == nil {
		return
	}
	for _, id := range ids {
		p.pruning.scope[id] = struct{}{}
	}
}

// Candidates returns the contacts in scope that no declared contact may be, sorted.
// It is called after the last Add and AddScope; AddCandidates takes what was read of
// them.
func (p *Planner) Candidates() []crm.ObjectID {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pruning == nil {
		return nil
	}
	named := p.named()
	var ids []crm.ObjectID
	for id := range p.pruning.scope {
		if _, ok := named[id]; !ok {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, crm.ObjectID.Compare)
	return ids
}

// named are the live contacts that declared ones may be.
func (p *Planner) named() map[crm.ObjectID]struct{} {
	named := make(map[crm.ObjectID]struct{}, len(p.slots))
	for i := range p.slots {
		for k := range p.slots[i].candidates {
			named[p.slots[i].candidates[k].id] = struct{}{}
		}
	}
	return named
}

// AddCandidates takes candidates as they were read by their ids just now, with the
// addresses that they had before, in any order. What is no candidate is passed over,
// and a candidate that is never added is left alone.
func (p *Planner) AddCandidates(live ...crm.Contact) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pruning == nil {
		return
	}
	for i := range live {
		if _, ok := p.pruning.scope[live[i].ID]; !ok || live[i].Archived {
			continue
		}
		if p.judge.settings.Scope.Holds(live[i].Properties, p.judge.portal.Properties) {
			p.pruning.strays[live[i].ID] = p.judgeStray(&live[i])
		}
	}
}

// prune settles every candidate: into a change, or a stray that is left alone.
func (a *assembly) prune() {
	p := a.planner
	if p.pruning == nil {
		return
	}
	named := p.named()
	for _, id := range slices.SortedFunc(maps.Keys(p.pruning.strays), crm.ObjectID.Compare) {
		if _, ok := named[id]; ok {
			continue
		}
		a.counts.Undeclared++
		s := p.pruning.strays[id]
		switch {
		case s.standing != 0:
		case p.pruning.archive:
			a.pruned = append(a.pruned, p.pruneChange(s))
			continue
		default:
			s.standing, s.text = StrayReported, "no file names it; prune: archive would archive it"
		}
		a.strays = append(a.strays, Stray{Standing: s.standing, Email: s.email, ID: s.id, Live: s.live, Text: s.text})
		a.noteStray(s)
	}
	slices.SortFunc(a.strays, compareStrays)
	a.noteSpared()
	a.checkLookalikes()
}

func (p *Planner) pruneChange(s *stray) Change {
	return Change{
		Action: Archive, Email: s.email, ID: s.id, Live: s.live, Expect: s.expect, At: p.judge.settings.PruneAt,
		Reasons: []Reason{{Code: reasonPruned, Text: "no file names it; scope: " + p.judge.settings.Scope.String()}},
	}
}

// ReasonUndo is the code of the reason that stands in every change of an undo.
const ReasonUndo = "undo"

// Undoes reports whether the change puts back what a run wrote.
func (c *Change) Undoes() bool {
	return slices.ContainsFunc(c.Reasons, func(r Reason) bool { return r.Code == ReasonUndo })
}

// Pruned reports whether the change archives a contact because no file names it.
func (c *Change) Pruned() bool { return c.Action == Archive && len(c.Expect) > 0 && !c.Undoes() }
