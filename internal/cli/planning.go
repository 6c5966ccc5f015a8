package cli

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/plan"
	"github.com/contactsync/contactsync/report"
	"github.com/contactsync/contactsync/snapshot"
	"github.com/contactsync/contactsync/spec"
)

// selection are the flags that narrow a plan.
type selection struct {
	only        []string
	targets     []string
	skipInvalid bool
}

func (f *selection) register(set *pflag.FlagSet) {
	set.StringSliceVar(&f.only, "only", nil, "plan only these `actions`: create, update, archive, associate")
	set.StringArrayVar(&f.targets, "target", nil, "plan only contacts with this `address`; * matches any text; may be repeated")
	set.BoolVar(&f.skipInvalid, "skip-invalid", false, "leave contacts with errors of their own out of the plan")
}

// planned is a plan and all that went into it.
type planned struct {
	document *spec.Document
	portal   *crm.Portal
	plan     *plan.Plan
	skipped  bool // contacts with errors were left out
	stats    report.Stats
	readAt   time.Time
}

// prepare reads the project and its files and opens the way to the portal. What it
// returns must be closed.
func (inv *invocation) prepare(ctx context.Context, args []string) (*work, error) {
	p, list := inv.findProject(args)
	document, found, err := inv.load(p, args)
	if err != nil {
		return nil, err
	}
	w := &work{project: p, document: document, list: append(list, found...), scope: scopeOf(p, args), whole: p.file != nil && len(args) == 0}
	if w.list.HasErrors() {
		return nil, invalid(w.list)
	}
	w.remote, err = inv.reach(ctx, p, document)
	return w, err
}

// reach opens the way to the portal that the files are meant for.
func (inv *invocation) reach(ctx context.Context, p *project, document *spec.Document) (*remote, error) {
	t, err := inv.choosePortal(p)
	if err != nil {
		return nil, err
	}
	if account := document.Settings().Account; account != "" && t.profilePin() == "" {
		t.pins = append(t.pins, pin{account, "account: in the files"})
	}
	return inv.open(ctx, t)
}

// work is what plan and apply begin with: the project, its files, the portal.
type work struct {
	project  *project
	document *spec.Document
	list     diag.List // warnings
	remote   *remote
	scope    string // what the user calls the files
	whole    bool   // the files are all that the project names
}

// scopeOf is what the user calls the files, if that is one word.
func scopeOf(p *project, args []string) string {
	names := args
	if len(names) == 0 && p.file != nil {
		names = p.file.Files
	}
	if len(names) == 1 {
		return names[0]
	}
	return ""
}

// plan compares the files with the portal. The diagnostics that refuse it come back
// as an invalidState.
func (inv *invocation) compare(ctx context.Context, w *work, reader *hubspot.Reader, f selection) (*planned, error) {
	begin := time.Now()
	portal, err := snapshot.Portal(ctx, reader, w.document)
	if err != nil {
		return nil, err
	}
	if err := w.remote.checkPins(portal.ID); err != nil {
		return nil, err
	}
	checked := plan.Check(w.document, portal)
	if checked.HasErrors() && !f.skipInvalid {
		return nil, invalid(slices.Concat(w.list, checked))
	}
	options, err := inv.planOptions(f, w)
	if err != nil {
		return nil, err
	}
	options.Whole, options.Now = w.whole, reader.Now()
	result := &planned{document: w.document, portal: portal, readAt: time.Now()}
	planner := plan.New(w.document, portal, options)
	if err := inv.readInto(ctx, planner, w, reader, portal); err != nil {
		return nil, err
	}
	holders, err := snapshot.Holders(ctx, reader, planner.Unique())
	if err != nil {
		return nil, err
	}
	planner.Hold(holders)
	missing, err := snapshot.Missing(ctx, reader, planner.Named())
	if err != nil {
		return nil, err
	}
	planner.Missing(missing...)
	made, found := planner.Plan()
	list := slices.Concat(w.list, found, unsaid(checked, found))
	if made != nil {
		list = append(list, flapping(w.project, made, w.document)...)
	}
	list.Sort()
	if made == nil || list.HasErrors() && !f.skipInvalid {
		return nil, invalid(list)
	}
	result.plan, result.skipped = made, list.HasErrors()
	result.stats = w.remote.stats(portal)
	s := &result.stats
	s.Scope, s.Files, s.Declared, s.Found = w.scope, len(w.document.Files()), w.document.Len(), made.Counts.Found
	s.Requests, s.Elapsed, s.Warnings = reader.Requests(), time.Since(begin), list
	limits := reader.Limits()
	s.RateMax, s.RateInterval = limits.Max, limits.Interval
	return result, nil
}

// readInto reads what the planner needs: the contacts that the files name and, with
// prune, those in scope that they do not name.
func (inv *invocation) readInto(ctx context.Context, planner *plan.Planner, w *work, reader *hubspot.Reader, portal *crm.Portal) error {
	if !planner.Prunes() {
		for live, err := range snapshot.Contacts(ctx, reader, w.document, portal) {
			if err := inv.tellGaps(err); err != nil {
				return err
			}
			planner.Add(live...)
		}
		return nil
	}
	for batch, err := range snapshot.Owned(ctx, reader, w.document, portal) {
		if err := inv.tellGaps(err); err != nil {
			return err
		}
		planner.Add(batch.Contacts...)
		planner.AddScope(batch.Scope...)
	}
	for live, err := range snapshot.Candidates(ctx, reader, w.document, planner.Candidates()) {
		if err != nil {
			return err
		}
		planner.AddCandidates(live...)
	}
	return nil
}

// tellGaps tells of the errors that leave the named contacts complete, and returns the
// others.
func (inv *invocation) tellGaps(err error) error {
	if errors.Is(err, snapshot.ErrBinUnchecked) || errors.Is(err, snapshot.ErrScopeIncomplete) {
		inv.remark("warning: %v", err)
		return nil
	}
	return err
}

// unsaid are the diagnostics of a check that a planner, which repeats most of them, did
// not tell: refused values that are not going to be written.
func unsaid(checked, told diag.List) diag.List {
	type mark struct {
		code string
		at   diag.Range
	}
	said := make(map[mark]bool, len(told))
	for _, d := range told {
		said[mark{d.Code, d.At}] = true
	}
	return slices.DeleteFunc(checked, func(d diag.Diagnostic) bool { return said[mark{d.Code, d.At}] })
}

// parts are the words of --only.
var parts = map[string]plan.Part{
	"create": plan.PartCreate, "update": plan.PartUpdate, "archive": plan.PartArchive, "associate": plan.PartAssociate,
}

// options turn the flags into the planner's. A target may be an alias of a masked
// report, which stands for one declared address.
func (inv *invocation) planOptions(f selection, w *work) (plan.Options, error) {
	options := plan.Options{SkipInvalid: f.skipInvalid}
	for _, name := range f.only {
		part, known := parts[name]
		if !known {
			return options, badValue("--only", name, orList(slices.Sorted(maps.Keys(parts))))
		}
		options.Only = append(options.Only, part)
	}
	for _, target := range f.targets {
		if alias, _, _ := strings.Cut(target, "@"); strings.HasPrefix(alias, report.AliasPrefix) {
			target = inv.unmask(alias, target, w)
		}
		options.Targets = append(options.Targets, target)
	}
	return options, nil
}

// unmask finds the declared address that an alias stands for; what stands for none
// is returned as it is.
func (inv *invocation) unmask(alias, target string, w *work) string {
	key := inv.aliasKey(w.project)()
	for _, contact := range w.document.All() {
		if contact.Email != "" && report.Alias(key, contact.Email) == alias {
			return string(contact.Email)
		}
	}
	return target
}

// checkPins holds the portal's account against every place that names one.
func (r *remote) checkPins(account string) error {
	for _, pin := range r.target.pins {
		if pin.account != account {
			return otherAccount(account, pin.account, pin.where)
		}
	}
	return nil
}

// stats are the header of every screen.
func (r *remote) stats(portal *crm.Portal) report.Stats {
	s := report.Stats{Portal: r.target.shown, Account: portal.ID, Kind: portal.Kind, Version: string(r.options.Version)}
	if r.target.local() {
		s.Kind = "local"
	}
	const advice = "use --portal hubspot for your HubSpot account"
	switch {
	case r.target.embedded:
		s.Advice = "embedded; " + advice
	case r.target.profile != "" && r.target.kind == targetFile:
		s.Advice = advice
	}
	return s
}
