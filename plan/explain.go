package plan

import (
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/spec"
)

// Explanation says why a contact is planned as it is.
type Explanation struct {
	Contact  string       // as declared: address or id
	At       diag.Range   // where it is declared
	Live     crm.ObjectID // the live contact it is; empty for none
	Change   Change       // Action is 0 when nothing changes
	Rules    []Rule       // one a declared property, by name
	Problems diag.List    // sorted
}

// Rule is how one declared property was judged.
type Rule struct {
	Property string
	Declared string
	Live     string
	After    string // what it should be, all rules applied
	Rule     string // managed, ignored, create-only, fill-only, additive, remove, lifecycle-at-least, …
	Origin   Origin
	At       diag.Range // of the declared value
}

// Explain judges one declared contact as the planner does. Live is the contact it
// was found to be, nil for none. Whatever other declared contacts would change
// (two of them on one record, an address that is taken) is not looked at.
func Explain(c *spec.Contact, live *crm.Contact, portal *crm.Portal, options Options) Explanation {
	j := newJudge(portal, options.Settings)
	problems := j.check(c, noPeers)
	d := j.decide(c, live, noPeers, true)
	for _, problem := range d.problems {
		seen := func(other diag.Diagnostic) bool { return other.Code == problem.Code && other.At == problem.At }
		if !slices.ContainsFunc(problems, seen) {
			problems = append(problems, problem)
		}
	}
	problems.Sort()
	explanation := Explanation{Contact: c.Key(), At: c.At, Change: d.change, Rules: d.rules, Problems: problems}
	if live != nil {
		explanation.Live = live.ID
	}
	return explanation
}
