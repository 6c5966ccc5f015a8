// Package conformance checks a portal against the documented contract of
// HubSpot's CRM API: HubSpot itself, or the local portal that stands in for it.
//
// A check is a value: a name, what it is about, where the fact comes from, and a
// function. Checks runs none of them; Run runs them one after the other against a
// portal and tells of each whether the portal keeps to the contract (pass), breaks
// it (fail, with what was expected and what came), behaves in one of the ways that
// sources disagree about (differs, with the ruling that makes the local portal do
// the same), or could not be asked (skip).
//
// What it promises: it changes and removes only records and definitions that it
// made, whose names and addresses hold the run's id; it removes them at the end,
// also after a failure or an interruption; and it says what it could not remove.
// Lists and searches may show it ids of other records; it asks for no values of
// theirs.
//
// What it will not do: use up a limit, start workflows on purpose, or judge what
// no source tells.
package conformance

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/contactsync/contactsync/hubspot"
)

// Check is one fact of the contract.
type Check struct {
	Name   string // batch-create-partial
	About  string // what a portal does, in a sentence
	Source string // where that stands
	// Run asks the portal. Its error is a *Mismatch, an *Observation or a *Skip;
	// any other is no answer about the contract and ends the run.
	Run func(ctx context.Context, t *Target) error
}

// Checks are all checks, in the order in which they run.
func Checks() []Check {
	return slices.Concat(
		accountChecks(), createChecks(), readChecks(), updateChecks(), archiveChecks(), listChecks(), identityChecks(),
		batchCreateChecks(), batchChecks(), searchChecks(),
		associationChecks(), associationBatchChecks(), labelChecks(), definitionChecks(), propertyChecks(), valueChecks(), pathChecks(),
	)
}

// Outcome is how a check ended.
type Outcome uint8

// The outcomes.
const (
	Passed  Outcome = iota + 1 // the portal keeps to the contract
	Failed                     // it does not
	Differs                    // sources disagree, and the portal does not do what the local one does by default
	Skipped                    // it could not be asked
)

// String is pass, fail, differs or skip.
func (o Outcome) String() string {
	switch o {
	case Passed:
		return "pass"
	case Failed:
		return "fail"
	case Differs:
		return "differs"
	case Skipped:
		return "skip"
	}
	return ""
}

// Mismatch is a portal that does not keep to the contract.
type Mismatch struct {
	Request       string // method and path
	Expected, Got string
}

// Error is one line.
func (m *Mismatch) Error() string {
	return fmt.Sprintf("%s: expected %s, got %s", m.Request, m.Expected, m.Got)
}

// Observation is behaviour that sources disagree about: the value of a ruling of
// the local portal that does the same. Default says that it is the ruling's
// default.
type Observation struct {
	Ruling, Value string
	Default       bool
}

// Error is the ruling as the local portal takes it.
func (o *Observation) Error() string { return o.Ruling + "=" + o.Value }

// Skip is why a check could not be made.
type Skip struct{ Reason string }

// Error is the reason.
func (s *Skip) Error() string { return s.Reason }

// Result is a check and how it ended.
type Result struct {
	Check    Check
	Outcome  Outcome
	Mismatch *Mismatch    // of Failed
	Observed *Observation // of Differs, and of Passed where a ruling was observed
	Reason   string       // of Skipped
}

// Report is a run.
type Report struct {
	Results []Result
	Made    int    // records and definitions that the run made
	Left    []Left // those of them that it could not remove
}

// Count is how many checks ended in an outcome.
func (r *Report) Count(o Outcome) int {
	n := 0
	for _, result := range r.Results {
		if result.Outcome == o {
			n++
		}
	}
	return n
}

// Options are the settings of a run.
type Options struct {
	// Run is the id of the run, in lower-case letters and digits. It stands in every
	// name and address, so two runs on one portal must have different ones.
	Run string
	// Observe is told of each result as it comes; it may be nil.
	Observe func(Result)
}

// Run runs checks against a portal and removes what they made. The report is
// complete up to the error, which is the context's, or one of hubspot's that is
// no answer: ErrUnreachable, ErrUnknownOutcome, ErrDailyLimit. A request under way
// when the context ends is finished first, and what was made is still removed.
func Run(ctx context.Context, probe *hubspot.Probe, checks []Check, options Options) (*Report, error) {
	t := newTarget(probe, options.Run)
	report := &Report{}
	var failed error
	for _, check := range checks {
		result, err := judge(check, check.Run(ctx, t))
		if err != nil {
			failed = fmt.Errorf("checking %s: %w", check.Name, err)
			break
		}
		report.Results = append(report.Results, result)
		if options.Observe != nil {
			options.Observe(result)
		}
	}
	report.Left = t.clean(context.WithoutCancel(ctx))
	report.Made = t.ledger.count()
	return report, failed
}

// judge turns what a check found into its result; what it did not find comes back.
func judge(check Check, found error) (Result, error) {
	result := Result{Check: check, Outcome: Passed}
	if found == nil {
		return result, nil
	}
	if m, ok := errors.AsType[*Mismatch](found); ok {
		result.Outcome, result.Mismatch = Failed, m
		return result, nil
	}
	if o, ok := errors.AsType[*Observation](found); ok {
		result.Observed = o
		if !o.Default {
			result.Outcome = Differs
		}
		return result, nil
	}
	if s, ok := errors.AsType[*Skip](found); ok {
		result.Outcome, result.Reason = Skipped, s.Reason
		return result, nil
	}
	return result, found
}
