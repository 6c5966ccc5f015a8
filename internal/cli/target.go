package cli

import (
	"maps"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/contactsync/contactsync/spec"
)

// target is the portal that a command works on, and why.
type target struct {
	kind     targetKind
	shown    string // as screens name it
	base     string // URL of HubSpot or of an address
	path     string // database file, absolute
	named    bool   // by -p: only then may a token go to a foreign host
	embedded bool   // nobody chose a portal
	profile  string
	pins     []pin
	variable string // environment variable that holds the access token
	seed     string // fixture for a new local portal, absolute; "" = none
	seedName string
}

type targetKind uint8

// The first two are reached over the network, the others run in this process.
const (
	targetHubSpot targetKind = iota + 1
	targetAddress
	targetFile
	targetMemory
)

// pin is the account that a portal must be, and who says so.
type pin struct{ account, where string }

const (
	tokenVariable  = "HUBSPOT_ACCESS_TOKEN" // #nosec G101 -- the variable's name
	portalVariable = "CONTACTSYNC_PORTAL"
	hubspotAddress = "https://api.hubapi.com"
)

// choosePortal follows the order: -p, the profile, CONTACTSYNC_PORTAL, the embedded
// portal. A token in the environment chooses nothing, so it can never turn a
// rehearsal into the live account.
func (inv *invocation) choosePortal(p *project) (*target, error) {
	t := &target{variable: tokenVariable}
	profile, err := inv.chooseProfile(p, t)
	if err != nil {
		return nil, err
	}
	if inv.flags.account != "" {
		t.pins = append(t.pins, pin{inv.flags.account, "--account"})
	}
	fromEnvironment, _ := inv.env.LookupEnv(portalVariable)
	switch {
	case inv.flags.portal != "":
		t.named = true
		return t, t.parse(inv.flags.portal, inv.path)
	case profile.Portal != "":
		if profile.Seed != "" {
			t.seed, t.seedName = p.resolve(profile.Seed), p.name(profile.Seed)
		}
		if err := t.parse(profile.Portal, p.resolve); err != nil {
			return nil, err
		}
		if t.kind == targetFile {
			t.shown = "file:" + filepath.ToSlash(p.name(strings.TrimPrefix(profile.Portal, "file:")))
		}
		return t, nil
	case fromEnvironment != "":
		if err := t.parse(fromEnvironment, inv.path); err != nil {
			return nil, err
		}
		if !t.local() {
			return nil, remotePortalFromEnvironment(fromEnvironment)
		}
		return t, nil
	}
	t.kind, t.path, t.embedded = targetFile, p.state("portal.db"), true
	t.shown = "file:" + filepath.ToSlash(p.name(filepath.Join(stateFolder, "portal.db")))
	return t, nil
}

// chooseProfile finds the profile that holds: the one named by --profile or, as
// long as no portal is named, the default one.
func (inv *invocation) chooseProfile(p *project, t *target) (spec.Profile, error) {
	name := inv.flags.profile
	if name == "" && inv.flags.portal == "" && p.file != nil {
		name = p.file.DefaultProfile
	}
	if name == "" {
		return spec.Profile{}, nil
	}
	var profiles map[string]spec.Profile
	if p.file != nil {
		profiles = p.file.Profiles
	}
	profile, known := profiles[name]
	if !known {
		return profile, unknownProfile(name, slices.Sorted(maps.Keys(profiles)))
	}
	t.profile = name
	if profile.Account != "" {
		t.pins = append(t.pins, pin{profile.Account, "profile " + name})
	}
	if profile.TokenEnv != "" {
		t.variable = profile.TokenEnv
	}
	return profile, nil
}

// parse reads hubspot, http(s)://host, file:PATH or mem:. A path is made absolute
// by resolve.
func (t *target) parse(text string, resolve func(string) string) error {
	t.shown = text
	path, isFile := strings.CutPrefix(text, "file:")
	switch {
	case text == "hubspot":
		t.kind, t.base = targetHubSpot, hubspotAddress
		t.shown = "hubspot (api.hubapi.com)"
	case text == "mem:":
		t.kind = targetMemory
	case isFile && path != "":
		t.kind, t.path = targetFile, resolve(path)
	case strings.HasPrefix(text, "http://"), strings.HasPrefix(text, "https://"):
		address, err := url.Parse(text)
		if err != nil || address.Hostname() == "" {
			return unknownPortal(text)
		}
		t.kind, t.base = targetAddress, text
		if address.Hostname() == "api.hubapi.com" {
			t.kind = targetHubSpot
		}
	default:
		return unknownPortal(text)
	}
	return nil
}

// profilePin is the account that the chosen profile names, which stands in for the
// one of the whole project.
func (t *target) profilePin() string {
	for _, p := range t.pins {
		if p.where != "--account" {
			return p.account
		}
	}
	return ""
}

// local reports whether the portal is on this machine.
func (t *target) local() bool {
	switch t.kind {
	case targetFile, targetMemory:
		return true
	case targetHubSpot:
		return false
	case targetAddress:
		return loopback(t.host())
	}
	return false
}

// inProcess reports whether the portal runs inside this process.
func (t *target) inProcess() bool { return t.kind == targetFile || t.kind == targetMemory }

func (t *target) host() string {
	address, err := url.Parse(t.base)
	if err != nil {
		return ""
	}
	return address.Hostname()
}

func loopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

// takesToken reports whether an access token may be sent to the portal: to HubSpot
// and this machine always, to another host only if it was named by hand. A file
// alone must not decide where a secret goes.
func (t *target) takesToken() bool {
	return t.kind == targetHubSpot || t.local() || t.named
}

// admits refuses to write to HubSpot as long as nobody has named the account.
func (t *target) admits(account string) error {
	if !t.local() && len(t.pins) == 0 {
		return accountNeeded(account)
	}
	return nil
}
