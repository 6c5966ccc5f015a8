package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/report"
)

func (inv *invocation) portal() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "portal",
		Short: "Fill and look at local portals",
		Args:  knownCommand,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(inv.seed(), inv.stats(), inv.restore())
	return cmd
}

func (inv *invocation) seed() *cobra.Command {
	var (
		contacts int
		seed     uint64
		from     string
	)
	cmd := &cobra.Command{
		Use:   "seed",
		Short: "Fill a local portal with invented people, or from a fixture",
		Example: `  contactsync portal seed --contacts 10000 --seed 7
  contactsync portal seed --from seed.yaml --portal file:test.db`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if from != "" && cmd.Flags().Changed("contacts") {
				return excludedFlags("--from", "--contacts", "A fixture says itself how many there are.")
			}
			if contacts < 1 {
				return badValue("--contacts", fmt.Sprint(contacts), "at least 1")
			}
			fixture := &crm.Fixture{}
			if from != "" {
				var err error
				if fixture, err = inv.fixture(from, inv.path(from)); err != nil {
					return err
				}
			}
			return inv.withLocal(cmd.Context(), fixture.Account, created, func(ctx context.Context, local *portal.Portal) error {
				if from == "" {
					return local.Seed(ctx, contacts, seed)
				}
				if err := local.Fill(ctx, fixture); err != nil {
					return fixtureRefused(from, err)
				}
				return nil
			})
		},
	}
	cmd.Flags().IntVar(&contacts, "contacts", 1000, "how many contacts")
	cmd.Flags().Uint64Var(&seed, "seed", 1, "the same seed makes the same people")
	cmd.Flags().StringVar(&from, "from", "", "fixture `file` to fill it from instead")
	return cmd
}

func (inv *invocation) stats() *cobra.Command {
	return &cobra.Command{
		Use:   "stats",
		Short: "Count what a local portal holds",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return inv.withLocal(cmd.Context(), "", existing, nil)
		},
	}
}

// presence says whether a portal that is not there is created.
type presence bool

const (
	existing presence = false
	created  presence = true
)

// withLocal runs an action, if there is one, on a portal of this process, then prints
// what it holds.
func (inv *invocation) withLocal(ctx context.Context, account string, when presence, action func(context.Context, *portal.Portal) error) (err error) {
	p, list := inv.findProject(nil)
	if list.HasErrors() {
		return invalid(list)
	}
	t, err := inv.choosePortal(p)
	if err != nil {
		return err
	}
	if !t.inProcess() {
		return localPortalOnly(t.shown)
	}
	if when == existing && !exists(t.path) {
		return noSuchLocalPortal(t.shown)
	}
	t.seed = "" // the profile's fixture is for those who plan
	if account != "" {
		t.pins = []pin{{account, "the fixture"}}
	}
	local, err := inv.openLocal(ctx, t)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, local.Close()) }()
	if action != nil {
		if err := action(ctx, local); err != nil {
			return err
		}
	}
	stats, err := local.Stats(ctx)
	if err != nil {
		return err
	}
	return inv.printStats(t, stats)
}

func (inv *invocation) printStats(t *target, stats portal.Stats) error {
	types := slices.Sorted(maps.Keys(stats.Objects))
	if inv.flags.json {
		type count struct {
			Live     int64 `json:"live"`
			Archived int64 `json:"archived"`
		}
		objects := make(map[crm.ObjectType]count, len(types))
		for name, n := range stats.Objects {
			objects[name] = count(n)
		}
		inv.printJSON(struct {
			Version      int                      `json:"version"`
			Portal       string                   `json:"portal"`
			Account      string                   `json:"account"`
			Objects      map[crm.ObjectType]count `json:"objects"`
			Associations int64                    `json:"associations"`
			Bytes        int64                    `json:"bytes"`
		}{1, t.shown, stats.AccountID, objects, stats.Associations, stats.Bytes})
		return nil
	}
	if err := inv.localHeader(t.shown, stats.AccountID); err != nil {
		return err
	}
	var out strings.Builder
	out.WriteByte('\n')
	for _, name := range types {
		n := stats.Objects[name]
		fmt.Fprintf(&out, "  %-14s %11s", name, report.Number(n.Live))
		if n.Archived > 0 {
			fmt.Fprintf(&out, "   and %s archived", report.Number(n.Archived))
		}
		out.WriteByte('\n')
	}
	fmt.Fprintf(&out, "  %-14s %11s\n\n%.1f MB\n", "associations", report.Number(stats.Associations), float64(stats.Bytes)/1e6)
	_, err := io.WriteString(inv.env.Stdout, out.String())
	return err
}

// localHeader is the first line of a screen about a local portal.
func (inv *invocation) localHeader(name, account string) error {
	stats := report.Stats{Portal: name, Account: account, Kind: "local", Version: inv.flags.apiVersion}
	return report.Header(inv.env.Stdout, stats, inv.reportOptions(report.Text))
}
