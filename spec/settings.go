package spec

import (
	"time"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
)

// Settings hold for a whole project. They stand in the project file, or at the top
// of a lone desired-state file, never in both.
type Settings struct {
	Account      string // account id of the portal these files belong to; "" = not pinned
	Scope        Scope
	Prune        Prune
	PruneAt      diag.Range    // the project file's prune line
	PruneMinAge  time.Duration // 30 days unless said otherwise
	Protect      []Condition   // contacts that prune never archives
	Limits       Limits
	DailyReserve int // percent of the day's requests left to others; 25 unless said otherwise
	// ExactAssociations are the object types whose undeclared associations are
	// removed (policy.associations: exact); ExactStrict those without the guards.
	ExactAssociations []crm.ObjectType
	ExactStrict       []crm.ObjectType
	Watch             []string // properties that are shown first in every plan
	Sensitive         []string // sensitive properties that files may name
	At                diag.Range
}

// ScopeKind says which live contacts the files own.
type ScopeKind uint8

// Listed is the default: the contacts that the files name.
const (
	ScopeListed ScopeKind = iota + 1
	ScopeAll
	ScopeWhere
)

// Scope is the live contacts that the files own; Where is set for ScopeWhere and
// all of its conditions must hold.
type Scope struct {
	Kind  ScopeKind
	Where []Condition
}

// Condition is a test of one live property: Equals, one of In, or Has any value
// (Has false: no value). Exactly one is set.
type Condition struct {
	Property string
	Equals   *string
	In       []string
	Has      *bool
	At       diag.Range
}

// Prune is what happens to contacts in scope that no file names.
type Prune uint8

// PruneKeep is the default.
const (
	PruneKeep Prune = iota + 1
	PruneReport
	PruneArchive
)

// Limits bound what one apply may do; a plan over a limit is shown and refused.
type Limits struct {
	Archive   Limit // default: the smaller of 5 % and 50
	Create    Limit // default: 1,000
	Update    Limit // default: the smaller of 50 % and 10,000
	Clear     Limit // default: 100
	Overwrite Limit // default: 20 %, per property
	StageBack Limit // default: 0
}

// Limit is a number, a percent of the live contacts in scope, or the smaller of
// both. Percents count from 10 contacts on.
type Limit struct {
	Number  *int
	Percent *float64
}

// Project is the project file.
type Project struct {
	Name           string // of the file, for messages
	Profiles       map[string]Profile
	DefaultProfile string
	Files          []string // as written; relative to the project file
	Settings       Settings

	given map[string]place // settings that the file gives
}

// Profile names a portal.
type Profile struct {
	Portal   string // hubspot, http(s)://host, file:PATH, mem:
	Account  string
	TokenEnv string // the environment variable that holds the access token
	Seed     string // fixture that fills a new local portal once
	At       diag.Range
}
