package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/contactsync/contactsync/portal"
)

type serveFlags struct {
	db, addr, limits, token, timeZone, faults string
	latency, searchLag                        time.Duration
	rulings                                   rulingFlags
}

func (inv *invocation) serve() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the local portal over HTTP",
		Long: `serve runs a portal on this machine that speaks HubSpot's CRM API, for this command and
for any other client of it, and shows on a page at / what it holds and which requests it
had. It listens on this machine alone; another address needs --token, since whoever
reaches the port can read and write everything.

With --faults it goes wrong on purpose, at requests that a file chooses, and says so on
standard error. Where HubSpot's portals differ from each other it is one of either kind:
--auto-company and its like switch settings that portals have, --ruling decides the rest.`,
		Example: `  contactsync serve
  contactsync serve --db test.db --limits pro --latency 250ms
  contactsync serve --faults examples/faults/bad-monday.yaml
  contactsync serve --search-lag 2s --auto-company --ruling unchanged-update=keep`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return inv.runServe(cmd.Context(), f) },
	}
	set := cmd.Flags()
	set.StringVar(&f.db, "db", filepath.Join(stateFolder, "portal.db"), "database `file`; mem: keeps everything in memory")
	set.StringVar(&f.addr, "addr", "127.0.0.1:8899", "`address` to listen on; port 0 takes a free one")
	set.StringVar(&f.limits, "limits", "off", "request limits: free, pro, enterprise, addon or off")
	set.StringVar(&f.token, "token", "", "access `token` to require; without it any is taken. Never one of HubSpot's")
	set.DurationVar(&f.latency, "latency", 0, "`time` to add to every answer")
	set.StringVar(&f.faults, "faults", "", "`file` that says what goes wrong, and when; docs/faults.md describes it")
	set.DurationVar(&f.searchLag, "search-lag", 0, "`time` after a record's last write during which searches miss it")
	set.StringVar(&f.timeZone, "time-zone", "UTC", "time `zone` of the account, whose midnight ends the day of the daily limit")
	set.BoolVar(&f.rulings.autoCompany, "auto-company", false, "associate new contacts with the company of their email domain")
	set.BoolVar(&f.rulings.stageSync, "stage-sync", false, "move the lifecycle stages of a contact and its primary company together")
	set.BoolVar(&f.rulings.normalisePhone, "normalise-phone", false, "ask for the country code of phone numbers, and store them as E.164")
	set.StringVar(&f.rulings.emptyProperties, "empty-properties", "null", "how an empty property that was asked for is answered: null or omit")
	set.StringArrayVar(&f.rulings.others, "ruling", nil, "make the choice `NAME=VALUE` where HubSpot leaves one; may be repeated. docs/portal-fidelity.md lists them")
	return cmd
}

func (inv *invocation) runServe(ctx context.Context, f serveFlags) (err error) {
	host, _, err := net.SplitHostPort(f.addr)
	if err != nil {
		return badValue("--addr", f.addr, "host:port, such as 127.0.0.1:8899")
	}
	if !loopback(host) && f.token == "" {
		return openAddress(f.addr)
	}
	config, err := inv.serveConfig(f)
	if err != nil {
		return err
	}
	local, err := portal.Open(ctx, config)
	if errors.Is(err, portal.ErrRealToken) {
		return realToken()
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, local.Close()) }()
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", f.addr)
	if err != nil {
		return cannotListen(f.addr, err)
	}
	if err := inv.welcome(local, listener.Addr(), f); err != nil {
		return errors.Join(err, listener.Close())
	}
	return serveUntil(ctx, portal.Server(local, servedHosts(host)...), portal.Limited(listener))
}

// servedHosts are the names, beside those of this machine, that requests may use.
// An address that stands for all of the machine's is reached by each of them.
func servedHosts(host string) []string {
	if loopback(host) {
		return nil
	}
	if host != "" && !net.ParseIP(host).IsUnspecified() {
		return []string{strings.ToLower(host)}
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return nil // this machine's own names stay
	}
	var hosts []string
	for _, address := range addresses {
		if network, ok := address.(*net.IPNet); ok {
			hosts = append(hosts, network.IP.String())
		}
	}
	return hosts
}

// drainTime is how long requests may take to finish once the server is told to stop.
const drainTime = 10 * time.Second

// serveUntil serves until ctx ends, then lets running requests finish.
func serveUntil(ctx context.Context, server *http.Server, listener net.Listener) error {
	stopped := make(chan error, 1)
	go func() { stopped <- server.Serve(listener) }()
	select {
	case err := <-stopped:
		return fmt.Errorf("serving the portal: %w", err)
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	if err := server.Shutdown(drain); err != nil {
		return fmt.Errorf("stopping the portal: %w", err)
	}
	return nil
}

// pageAddress is where a browser on this machine finds the page.
func pageAddress(address net.Addr) string {
	if tcp, ok := address.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return fmt.Sprintf("http://127.0.0.1:%d/", tcp.Port)
	}
	return "http://" + address.String() + "/"
}

func (inv *invocation) welcome(local *portal.Portal, address net.Addr, f serveFlags) error {
	aim := "contactsync plan --portal http://" + address.String()
	if inv.flags.json {
		inv.printJSON(struct {
			Version int    `json:"version"`
			Address string `json:"address"`
			Account string `json:"account"`
		}{1, "http://" + address.String(), local.AccountID()})
		return nil
	}
	if err := inv.localHeader("http://"+address.String(), local.AccountID()); err != nil {
		return err
	}
	_, err := fmt.Fprintf(inv.env.Stdout, "Data     %s\nPage     %s\nAim      %s\n", f.db, pageAddress(address), aim)
	taken := "Any access token is taken."
	if f.token != "" {
		taken = "Only the access token of --token is taken."
	}
	inv.remark("%s Ctrl-C stops.", taken)
	if tcp, ok := address.(*net.TCPAddr); ok && !tcp.IP.IsLoopback() {
		inv.remark("warning: others can reach this address; whoever has the token can read and write everything.")
	}
	return err
}
