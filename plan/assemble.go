package plan

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"
)

// assembly puts a plan together once it is settled who is who.
type assembly struct {
	planner *Planner
	pairs   map[pair]statement
	planned []planned
	pruned  []Change
	strays  []Stray
	counts  Counts
}

// planned is a change and the declared contact it belongs to.
type planned struct {
	contact int32
	change  Change
}

// take decides one declared contact.
func (a *assembly) take(i int32, c *spec.Contact) {
	p := a.planner
	chosen, live := p.chosen(i)
	a.counts.Declared++
	if live {
		a.counts.Found++
	}
	if p.slots[i].blocked || len(p.problems[i]) > 0 {
		return
	}
	var d decision
	switch {
	case live && chosen.live != nil:
		d = p.judge.decide(c, chosen.live, a.peers(i, c), false)
	case live && chosen.decision != nil:
		d = *chosen.decision
	case live:
	case c.Ensure == spec.Archived:
		d.problems = p.nothingToArchive(i, c)
	default:
		d = a.create(i, c, false)
	}
	p.note(i, d.problems)
	switch {
	case d.problems.HasErrors():
	case d.change.Action == 0 || !p.options.keeps(c, &d.change):
		a.counts.Unchanged++
	default:
		a.planned = append(a.planned, planned{i, d.change})
	}
}

// create plans a contact that is not in the portal, unless it would bring
// somebody back in silence.
func (a *assembly) create(i int32, c *spec.Contact, explain bool) decision {
	p := a.planner
	if c.ID != "" || c.Email == "" {
		more := ""
		if found, ok := p.bin[i]; ok && found.id == c.ID {
			more = "It lies in the recycle bin."
		}
		return decision{problems: diag.List{p.unknownID(c, more)}}
	}
	found, archived := p.bin[i]
	if archived && !c.Recreate {
		return decision{problems: diag.List{refusal(c, diag.InRecycleBin, c.At,
			fmt.Sprintf("%s was archived as contact %s%s. Restore it at %s",
				c.Key(), found.id, since(found.at), restoreLink(p.judge.portal.ID)),
			"restore it, or write recreate: true for a new record without the old timeline")}}
	}
	d := p.judge.decide(c, nil, a.peers(i, c), explain)
	if archived {
		d.reason(reasonRecreated, fmt.Sprintf("contact %s had this address; it stays in the recycle bin with its timeline", found.id))
	}
	return d
}

const reasonRecreated = "recreated"

func since(at string) string {
	if at == "" {
		return ""
	}
	return " on " + at
}

// restoreLink is where HubSpot lists archived contacts, restorable for 90 days.
func restoreLink(portal string) string {
	return fmt.Sprintf("https://app.hubspot.com/contacts/%s/objects/0-1/restore", portal)
}

func (p *Planner) nothingToArchive(i int32, c *spec.Contact) diag.List {
	if _, archived := p.bin[i]; archived {
		return nil
	}
	return diag.List{warning(c, diag.NothingToArchive, c.At,
		fmt.Sprintf("No contact in the portal is %s, and none in its recycle bin.", c.Key()),
		"check the spelling, or remove the lines")}
}

// peer says what becomes of another declared contact. Whether one that is to be
// created has errors of its own may not be known yet; dropDependents looks after
// those who count on it.
func (a *assembly) peer(email crm.Email) peer {
	p := a.planner
	i, declared := p.index.declared(email)
	if !declared {
		return peer{state: peerUndeclared}
	}
	c := p.doc.Contact(int(i))
	chosen, live := p.chosen(i)
	switch {
	case c.Ensure == spec.Archived:
		return peer{state: peerGone}
	case p.slots[i].blocked, live && chosen.doubtful:
		return peer{state: peerLeftOut}
	case live:
		return peer{state: peerLive, ref: crm.Ref{Type: crm.TypeContact, ID: chosen.id, Email: email}}
	}
	return peer{state: peerCreated, ref: crm.Ref{Type: crm.TypeContact, Email: c.Email}}
}

// dropDependents takes out changes that need a contact which is not part of the
// plan: one that they are associated with and that is not created after all, or
// one whose rename was to set their address free.
func (a *assembly) dropDependents() {
	p := a.planner
	for {
		kept := make(map[int32]bool, len(a.planned))
		for _, one := range a.planned {
			kept[one.contact] = true
		}
		before := len(a.planned)
		a.planned = slices.DeleteFunc(a.planned, func(one planned) bool {
			needed, missing := a.missingNeed(&one, kept)
			if !missing {
				return false
			}
			c, other := p.doc.Contact(int(one.contact)), p.doc.Contact(int(needed))
			d := refusal(&c, diag.NeedsLeftOut, c.At,
				fmt.Sprintf("%s needs %s, which is not part of this plan.", c.Key(), other.Key()),
				"correct that contact first")
			d.Related = []diag.Related{{At: other.At, Note: "left out"}}
			if len(p.problems[needed]) == 0 {
				// Narrowed away, not wrong.
				d.Severity, d.Hint = diag.Warning, "plan both together"
			}
			p.note(one.contact, diag.List{d})
			return true
		})
		if len(a.planned) == before {
			return
		}
	}
}

func (a *assembly) missingNeed(one *planned, kept map[int32]bool) (int32, bool) {
	p := a.planner
	if freer := p.slots[one.contact].frees; freer != none && !kept[freer] {
		return freer, true
	}
	for _, link := range one.change.Associations {
		if link.To.ID != "" {
			continue
		}
		if i, ok := p.index.declared(link.To.Email); ok && !kept[i] {
			return i, true
		}
	}
	return 0, false
}

func (a *assembly) plan() *Plan {
	p := a.planner
	changes := slices.Grow([]Change(nil), len(a.planned)+len(a.pruned))
	for _, one := range a.planned {
		changes = append(changes, one.change)
	}
	changes = append(changes, a.pruned...)
	slices.SortFunc(changes, compareChanges)
	a.counts.LeftOut = len(p.problems)
	return &Plan{
		Portal:  p.judge.portal.ID,
		Files:   p.doc.Digest(),
		Limits:  ResolveLimits(p.judge.settings.Limits, a.counts.Found+a.counts.Undeclared),
		Watch:   slices.Compact(slices.Sorted(slices.Values(p.judge.settings.Watch))),
		Counts:  a.counts,
		Changes: changes,
		Strays:  a.strays,
	}
}

func compareChanges(a, b Change) int {
	return cmp.Or(cmp.Compare(a.Email, b.Email), a.ID.Compare(b.ID))
}
