package cli

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/report"
	"github.com/contactsync/contactsync/spec"
)

// remote is an open way to a portal. Its options make a Reader or, in apply.go, a
// Client.
type remote struct {
	target  *target
	options hubspot.Options
	local   *portal.Portal // set when the portal runs in this process
}

// open opens the portal: in this process, or with the access token over the
// network. A new local portal is filled with the profile's fixture.
func (inv *invocation) open(ctx context.Context, t *target) (*remote, error) {
	r := &remote{target: t, options: hubspot.Options{
		BaseURL: t.base, Version: hubspot.Version(inv.flags.apiVersion), UserAgent: "contactsync/" + release(),
	}}
	if inv.flags.verbose || inv.events.Stream != nil {
		r.options.Observe = inv.observeRequest
	}
	if t.inProcess() {
		local, err := inv.openLocal(ctx, t)
		if err != nil {
			return nil, err
		}
		r.local, r.options.Transport, r.options.BaseURL = local, local.Transport(), "http://localhost"
		return r, nil
	}
	token, err := inv.token(t)
	if err != nil {
		return nil, err
	}
	r.options.Token = token
	return r, nil
}

func (r *remote) close() error {
	if r.local == nil {
		return nil
	}
	return r.local.Close()
}

// openLocal opens a portal in this process and fills a new one with the profile's
// fixture. A new portal is of the account that the fixture or, without one, a pin
// names.
func (inv *invocation) openLocal(ctx context.Context, t *target) (*portal.Portal, error) {
	if t.kind == targetFile && filepath.Base(filepath.Dir(t.path)) == stateFolder {
		if err := makeStateFolder(t.path); err != nil {
			return nil, err
		}
	}
	config := portal.Config{Path: t.path}
	if len(t.pins) > 0 {
		config.AccountID = t.pins[0].account
	}
	if t.seed == "" {
		return portal.Open(ctx, config)
	}
	fixture, err := inv.fixture(t.seedName, t.seed)
	if err != nil {
		return nil, err
	}
	config.AccountID = cmp.Or(fixture.Account, config.AccountID)
	local, err := portal.Open(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := inv.fill(ctx, local, t, fixture); err != nil {
		return nil, closing(local, err)
	}
	return local, nil
}

func (inv *invocation) fixture(name, path string) (*crm.Fixture, error) {
	fixture, list := spec.LoadFixture(inv.source(name, path))
	if list.HasErrors() {
		return nil, invalid(list)
	}
	return fixture, nil
}

// fill puts the profile's fixture into a portal that has never held a record.
func (inv *invocation) fill(ctx context.Context, local *portal.Portal, t *target, fixture *crm.Fixture) error {
	empty, err := local.Empty(ctx)
	if err != nil || !empty {
		return err
	}
	if err := local.Fill(ctx, fixture); err != nil {
		return fixtureRefused(t.seedName, err)
	}
	inv.remark("The new portal %s was filled from %s.", t.shown, t.seedName)
	return nil
}

// closing closes a portal that cannot be used; the first error is the one to tell.
func closing(local *portal.Portal, err error) error {
	_ = local.Close()
	return err
}

// localToken is sent to a portal on this machine when there is no other: it asks for
// some token, as HubSpot does, and takes any. It is no word that a message could hold.
const localToken = "no-token-given"

// token finds the access token for a portal on the network and refuses to send it
// where nobody asked for it to go.
func (inv *invocation) token(t *target) (hubspot.Secret, error) {
	text, found, err := inv.tokenText(t)
	switch {
	case err != nil:
		return hubspot.Secret{}, err
	case !found && t.local():
		return hubspot.NewSecret(localToken), nil
	case !found:
		return hubspot.Secret{}, tokenMissing(t.variable)
	case !t.takesToken():
		return hubspot.Secret{}, tokenForForeignHost(t.base)
	}
	return hubspot.NewSecret(text), nil
}

func (inv *invocation) tokenText(t *target) (text string, found bool, err error) {
	name := inv.flags.tokenFile
	if name == "" {
		text, _ = inv.env.LookupEnv(t.variable)
		return text, strings.TrimSpace(text) != "", nil
	}
	path := inv.path(name)
	info, err := os.Stat(path)
	switch {
	case os.IsNotExist(err):
		return "", false, fileNotFound(name)
	case err != nil:
		return "", false, fmt.Errorf("looking at the token file: %w", err)
	case !info.Mode().IsRegular():
		return "", false, notRegular(name)
	case info.Mode().Perm()&0o077 != 0:
		return "", false, tokenFileOpen(name, info.Mode())
	}
	content, err := os.ReadFile(path) // #nosec G304 -- the user names the file
	if err != nil {
		return "", false, fmt.Errorf("reading the token file: %w", err)
	}
	if strings.TrimSpace(string(content)) == "" {
		return "", false, tokenFileEmpty(name)
	}
	return string(content), true, nil
}

// observeRequest passes what the client tells of to those who asked for it.
func (inv *invocation) observeRequest(event hubspot.Event) {
	inv.tellEvent(event)
	if inv.flags.verbose {
		inv.tellRequest(event)
	}
}

// tellRequest is -v: a line for each request, with the route and never the body.
func (inv *invocation) tellRequest(event hubspot.Event) {
	line := fmt.Sprintf("%s %s %s", event.Kind, event.Method, event.Path)
	switch event.Kind {
	case hubspot.EventRequest:
		line += fmt.Sprintf(" %d in %d ms", event.Status, event.Wait.Milliseconds())
	case hubspot.EventRetry, hubspot.EventThrottled:
		line += fmt.Sprintf(" in %d ms: %s", event.Wait.Milliseconds(), event.Reason)
	}
	inv.say(report.Terminal(line))
}
