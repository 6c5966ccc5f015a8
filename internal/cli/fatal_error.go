package cli

import (
	"context"
	"errors"
	"syscall"

	"github.com/contactsync/contactsync/apply"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
)

// explain turns any error into a failure. What HubSpot and the libraries say is
// put behind what it means and before what to do.
func explain(ctx context.Context, err error) *failure {
	if known, ok := errors.AsType[*failure](err); ok {
		return known
	}
	if ctx.Err() != nil || errors.Is(err, context.Canceled) {
		return &failure{exit: exitInterrupted, what: "interrupted", next: "Nothing new was begun. Run the command again to go on."}
	}
	for _, row := range explanations() {
		if errors.Is(err, row.is) {
			return &failure{row.exit, row.what, err.Error(), row.next}
		}
	}
	return &failure{exit: exitError, what: err.Error(), next: "If this makes no sense to you, run the command again with -v and look at the requests."}
}

type explanation struct {
	is   error
	exit exitCode
	what string
	next string
}

func explanations() []explanation {
	return []explanation{
		{
			hubspot.ErrUnauthorized, exitDenied, "the portal does not accept the access token",
			"Check that the token is complete, still valid, and of this account.",
		},
		{
			hubspot.ErrMissingScopes, exitDenied, "the access token lacks a scope",
			"Add the scope to the service key or private app, then run the command again.",
		},
		{
			hubspot.ErrDailyLimit, exitError, "the portal's requests of this day are used up",
			"Run the command again after midnight in the portal's time zone.",
		},
		{
			hubspot.ErrMigrating, exitError, "the portal is being moved to another data centre and takes no requests",
			"Run the command again when the time that it asks for is over.",
		},
		{
			hubspot.ErrRateLimited, exitError, "the portal kept refusing requests for its limits",
			"Other integrations may be using the same limit. Run the command again later.",
		},
		{
			apply.ErrPropertyGone, exitError, "the portal has lost a property that the plan writes",
			"What was written before is written, and nothing of the plan can follow. Create the property again or take it out of\nthe files, then plan again.",
		},
		{
			hubspot.ErrUnreachable, exitError, "the portal cannot be reached",
			"Check the address and the network. A local portal is started by:\n\n  contactsync serve",
		},
		{
			hubspot.ErrNotHubSpot, exitError, "what answered is no HubSpot portal",
			"Check the address, and whether a proxy stands between.",
		},
		{
			hubspot.ErrRedirect, exitError, "the portal answered with a redirect, which is not followed",
			"Name the address itself that it leads to.",
		},
		{
			hubspot.ErrListChanged, exitError, "contacts moved in the portal's list while it was read, so some may be missing",
			"Nothing was written. Run the command again, when fewer contacts are being changed.",
		},
		{
			apply.ErrPanic, exitError, "contactsync has a defect, and stopped",
			"Please report it with the line above, which holds no data of yours. What was sent before stands in the journal of the run.",
		},
		{
			syscall.ENOSPC, exitError, "the disk is full",
			"Free some space, then run the command again.",
		},
		{
			syscall.EPIPE, exitError, "standard output was closed before all was written to it",
			"Whoever was reading it ended first. Let it read to the end, or write to a file.",
		},
		{
			plan.ErrDamaged, exitRefused, "the saved plan is damaged",
			"Nothing was written. Make the plan again; edit the files, not the plan.",
		},
		{
			plan.ErrFormat, exitRefused, "the saved plan cannot be read",
			"Nothing was written. Make the plan again with this version.",
		},
	}
}
