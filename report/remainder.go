package report

import (
	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/plan"
)

// Remainders are the lines that tell what a plan made after an apply still wants, what
// is the apply's own first.
func Remainders(later *plan.Plan, remains []apply.Remainder, o Options) []string {
	var lines []string
	for _, ours := range []bool{true, false} {
		for _, one := range remains {
			if one.Ours != ours {
				continue
			}
			if len(lines) == maxTroubles {
				return append(lines, "and more of "+Number(len(remains)))
			}
			word := "moved since"
			if ours {
				word = "not kept"
			}
			change := later.Changes[one.Change]
			text := o.person(change.Email, change.ID) + "  " + word
			if one.Field != "" {
				text += "  " + one.Field
			}
			if one.Field != "" || o.PII != None { // of an association the reason begins with its record
				text += ": " + o.Prose(one.Reason)
			}
			lines = append(lines, Terminal(text))
		}
	}
	return lines
}
