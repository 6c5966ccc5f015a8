package plan

import "github.com/contactsync/contactsync/crm"

// ExplainUndeclared explains a contact that no file names, by the plan of a whole
// project: whether prune archives it, and what spares it. It is found by its primary
// address or its id, and not found where it is not in scope.
func (p *Plan) ExplainUndeclared(name string) (Explanation, bool) {
	for i := range p.Changes {
		if change := &p.Changes[i]; change.Pruned() && goesBy(name, change.Email, change.ID) {
			return Explanation{
				Contact: name, Undeclared: true, At: change.At, Live: change.ID, Email: change.Email,
				Matched: matchedBy(name, change.ID), Known: change.Live, Change: *change,
			}, true
		}
	}
	for i := range p.Strays {
		if stray := &p.Strays[i]; goesBy(name, stray.Email, stray.ID) {
			return Explanation{
				Contact: name, Undeclared: true, Live: stray.ID, Email: stray.Email,
				Matched: matchedBy(name, stray.ID), Known: stray.Live,
				Change: Change{Reasons: []Reason{{Code: stray.Standing.String(), Text: stray.Text}}},
			}, true
		}
	}
	return Explanation{}, false
}

func goesBy(name string, email crm.Email, id crm.ObjectID) bool {
	asked, err := crm.ParseEmail(name)
	return err == nil && asked == email || name == string(id)
}

func matchedBy(name string, id crm.ObjectID) string {
	if name == string(id) {
		return byID.String()
	}
	return byAddress.String()
}
