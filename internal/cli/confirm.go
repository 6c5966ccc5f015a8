package cli

import (
	"bufio"
	"context"
	"strconv"
	"strings"

	"github.com/contactsync/contactsync/report"
)

// confirm asks before the first write. What is typed shows that the plan was read:
// the account number of a HubSpot portal, the number of archives, else "yes".
func (inv *invocation) confirm(ctx context.Context, o *order) error {
	if o.flags.yes {
		return nil
	}
	archives := o.made.plan.Summary().Archive
	lead := ""
	if archives > 0 {
		lead = amount(archives, "contact", "contacts") + " will be archived (restorable in HubSpot for 90 days). "
	}
	question, answer := lead+`Only "yes" is accepted: `, "yes"
	switch {
	case !o.work.remote.target.local():
		answer = o.made.stats.Account
		question = lead + "Type the account number " + answer + " to write to it: "
	case archives > 0:
		answer = strconv.Itoa(archives)
		question = lead + "Type " + answer + " to go on: "
	}
	return inv.ask(ctx, question, answer)
}

// ask wants just this answer.
func (inv *invocation) ask(ctx context.Context, question, answer string) error {
	inv.put("\n" + report.Terminal(question))
	given, err := inv.readLine(ctx)
	if err != nil {
		return err
	}
	if given != answer {
		return declined()
	}
	inv.put("\n")
	return nil
}

// readLine reads what is typed, unless Ctrl-C comes first: a terminal gives a read
// back only when a line is complete.
func (inv *invocation) readLine(ctx context.Context) (string, error) {
	typed := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(inv.env.Stdin).ReadString('\n') // no line is no answer
		typed <- strings.TrimSpace(line)
	}()
	select {
	case line := <-typed:
		return line, nil
	case <-ctx.Done():
		inv.put("\n")
		return "", ctx.Err()
	}
}
