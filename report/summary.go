package report

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/contactsync/contactsync/plan"
)

// summaryText is the plan in one line, without the full stop.
func summaryText(s plan.Summary) string {
	updates := Number(s.Update+s.Rename) + " to update"
	if s.Rename > 0 {
		updates += fmt.Sprintf(" (%s)", plural(s.Rename, "rename", "renames"))
	}
	return fmt.Sprintf("%s to create, %s, %s to archive, %s to add, %s to remove; %s unchanged",
		Number(s.Create), updates, Number(s.Archive), plural(s.Associate, "association", "associations"), Number(s.Dissociate), Number(s.Unchanged))
}

// consequences are what a plan's changes amount to; under None without the stages.
func (o Options) consequences(p *plan.Plan) plan.Consequences {
	c := p.Consequences()
	if o.PII == None && len(c.Stages) > 0 {
		moved := plan.StageMove{}
		for _, move := range c.Stages {
			moved.Count += move.Count
		}
		c.Stages = []plan.StageMove{moved}
	}
	return c
}

// consequenceSentences tell what the changes amount to. What is zero is told where
// its being zero is what a reviewer wants to know.
func consequenceSentences(c plan.Consequences) []string {
	sentences := []string{netNew(c.NetNew)}
	if len(c.Stages) == 1 && c.Stages[0].From == c.Stages[0].To { // which ones is not to be told
		sentences = append(sentences, fmt.Sprintf("Stages moved %s.", Number(c.Stages[0].Count)))
	} else if len(c.Stages) > 0 {
		var moves []string
		for _, move := range c.Stages {
			moves = append(moves, fmt.Sprintf("%s -> %s %s", cmp.Or(move.From, "(none)"), cmp.Or(move.To, "(none)"), Number(move.Count)))
		}
		sentences = append(sentences, "Stages: "+strings.Join(moves, ", ")+".")
	}
	sentences = append(sentences,
		fmt.Sprintf("Filled %s, overwritten %s, cleared %s.", Number(c.Filled), Number(c.Overwritten), Number(c.Cleared)),
		fmt.Sprintf("Owners moved %s.", Number(c.OwnersMoved)),
		fmt.Sprintf("Opted-out contacts touched %s.", Number(c.OptedOut)))
	if c.ArchivedWithDeals > 0 {
		sentences = append(sentences, fmt.Sprintf("Archived with associated deals %s.", Number(c.ArchivedWithDeals)))
	}
	if c.ArchivedActive > 0 {
		sentences = append(sentences, fmt.Sprintf("Archived with activity in the last 30 days %s.", Number(c.ArchivedActive)))
	}
	if c.Recreated > 0 {
		sentences = append(sentences, fmt.Sprintf("Created anew although an archived contact has the address %s.", Number(c.Recreated)))
	}
	if len(c.Watched) > 0 {
		var names []string
		for _, watched := range c.Watched {
			names = append(names, watched.Name+" "+Number(watched.Count))
		}
		sentences = append(sentences, "Workflows may listen to: "+strings.Join(names, ", ")+".")
	}
	return sentences
}

func netNew(n int) string {
	if n < 0 {
		return plural(-n, "contact", "contacts") + " fewer."
	}
	return plural(n, "net new contact", "net new contacts") + "."
}
