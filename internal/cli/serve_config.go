package cli

import (
	"cmp"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/spec"
)

// rulingFlags are the flags that make one ruling each, by the ruling's name; the other
// rulings are made by --ruling.
type rulingFlags struct {
	autoCompany, stageSync, normalisePhone bool
	emptyProperties                        string
	others                                 []string
}

// serveConfig is the portal that the flags of serve ask for.
func (inv *invocation) serveConfig(f serveFlags) (portal.Config, error) {
	config := portal.Config{Latency: f.latency, SearchLag: f.searchLag, Token: f.token, TimeZone: f.timeZone}
	var err error
	if config.Limits, err = portal.ParseTier(f.limits); err != nil {
		return config, badValue("--limits", f.limits, "free, pro, enterprise, addon or off")
	}
	if f.latency < 0 {
		return config, badValue("--latency", f.latency.String(), "a time such as 250ms")
	}
	if f.searchLag < 0 {
		return config, badValue("--search-lag", f.searchLag.String(), "a time such as 2s")
	}
	if _, err := time.LoadLocation(f.timeZone); err != nil {
		return config, badValue("--time-zone", f.timeZone, "the name of a time zone, such as Europe/Berlin")
	}
	if config.Rulings, err = f.rulings.rulings(); err != nil {
		return config, err
	}
	if f.faults != "" {
		scenario, list := spec.LoadFaults(inv.source(f.faults, inv.path(f.faults)))
		if list.HasErrors() {
			return config, invalid(list)
		}
		config.Faults, config.OnFault = scenario, inv.tellFault
	}
	if f.db != "mem:" {
		config.Path = inv.path(f.db)
		if filepath.Base(filepath.Dir(config.Path)) == stateFolder {
			return config, makeStateFolder(config.Path)
		}
	}
	return config, nil
}

// rulings gathers what the flags decide. A flag and --ruling may agree, and not
// contradict each other.
func (f rulingFlags) rulings() (portal.Rulings, error) {
	if f.emptyProperties != "null" && f.emptyProperties != "omit" {
		return nil, badValue("--empty-properties", f.emptyProperties, "null or omit")
	}
	named := portal.Rulings{}
	for flag, given := range map[string]bool{
		"auto-company": f.autoCompany, "stage-sync": f.stageSync, "normalise-phone": f.normalisePhone,
	} {
		if given {
			named[flag] = "on"
		}
	}
	if f.emptyProperties == "omit" {
		named["empty-properties"] = "omit"
	}
	made := portal.Rulings{}
	for _, text := range f.others {
		if err := made.ParseRuling(text); err != nil {
			return nil, badRuling(text, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(named)) {
		if other, both := made[name]; both && other != named[name] {
			return nil, excludedFlags("--"+name, "--ruling "+name+"="+other, "They contradict each other.")
		}
		made[name] = named[name]
	}
	return made, nil
}

// tellFault says which fault strikes at which request.
func (inv *invocation) tellFault(r portal.FaultReport) {
	what := string(r.Fault.Kind)
	switch r.Fault.Kind { //nolint:exhaustive // the other kinds say it all
	case crm.FaultStatus, crm.FaultPage:
		what = fmt.Sprintf("%s %d", what, r.Fault.Status)
	case crm.FaultRateLimit:
		what += " " + r.Fault.Policy
	case crm.FaultDelay:
		what += " " + r.Fault.For.String()
	}
	if r.Fault.AfterCommit {
		what += " after the commit"
	}
	inv.remark("fault %d: %s at %s (request %d of those it looks at)", r.Number, what, cmp.Or(r.Request, "a path that is no operation"), r.Nth)
}
