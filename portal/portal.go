// Package portal is a local portal that speaks HubSpot's CRM API: the embedded
// default, the rehearsal sandbox and the test double are this one piece of code.
//
// It serves contacts, companies, deals, tickets, notes, tasks, calls, emails,
// meetings and custom objects on the v3, v4 and dated (2026-03, 2026-09) paths,
// with the rules that are documented for the API: property definitions, unique
// values, batches, association labels, limits, scopes. Definitions change by the
// same API: properties and their groups and rules, labels, lifecycle stages, custom
// object types. Where HubSpot's behaviour is not documented, the choice stands in
// the comment of the function that makes it.
//
// What it promises: a write is on disk before it is answered, or was never made;
// the same requests in the same order on a new portal with the same account id
// give the same ids; no request makes it fail with a 500 unless its disk does. It
// has no clock of its own (package time, so a synctest bubble can fake it) and
// starts nothing in the background.
//
// On request it behaves as portals on bad days do: Config.Faults says which requests
// go wrong and how, Config.SearchLag lets searches miss the newest writes.
//
// What it will not do: send mail, run workflows, or be HubSpot for anybody but a
// developer.
package portal

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
	_ "time/tzdata" // a machine without a zone database knows every time zone too

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal/internal/store"
)

// Config says how a portal behaves. The zero value is an empty portal in memory,
// without limits, that accepts any token.
type Config struct {
	Path             string        // database file, created (0600, directory 0700) when missing; "" = in memory
	Limits           Tier          // request limits; Off by default
	Daily            int           // requests a day instead of the tier's; 0 = the tier's own
	Latency          time.Duration // added to every answer
	SearchLag        time.Duration // how long after its last write searches miss a record; 0 = not at all
	Token            string        // the bearer token to require; "" accepts any
	RequiredOnCreate []string      // contact properties that a create must give; see Requirement
	RequiredWhen     []Requirement // contact properties that some contacts must have
	MaxAssociations  int           // of a record with records of one type; 0 = 50,000
	AccountID        string        // of a new file; "" = a random-looking number of 9 digits
	Rulings          Rulings       // choices where HubSpot's behaviour is disputed; nil = the defaults

	// Faults are what goes wrong on purpose; nil = nothing. OnFault is told of each,
	// before it happens, and must return at once; it may be nil.
	Faults   *crm.Scenario
	OnFault  func(FaultReport)
	Scopes   []string // what the token may do, such as crm.objects.contacts.read; nil = everything
	TimeZone string   // IANA name of the account's time zone, whose midnight ends the day of the daily limit; "" = UTC
}

// Portal is an open portal. It is an http.Handler and safe for concurrent use.
type Portal struct {
	config   Config
	store    *store.Store
	number   int64 // the account id as HubSpot's portalId
	zone     *time.Location
	routes   []route
	catalog  atomic.Pointer[catalog]
	defining sync.RWMutex // held by a request while it runs; see redefine
	limiter  *limiter
	counts   counts
	requests atomic.Uint64 // numbers correlation ids
	inside   sync.WaitGroup
	faults   atomic.Pointer[faults]
	closing  chan struct{} // closed when nothing may wait any longer
	close    sync.Once
}

var _ http.Handler = (*Portal)(nil)

// ErrRealToken means that the token to require looks like one of HubSpot's own,
// which has no business in a local portal.
var ErrRealToken = errors.New("the token looks like one of a real HubSpot account")

// Open opens a portal, creating its file when it is missing. Close it after use. The
// error is ErrRealToken when Config.Token is not one of this portal alone.
func Open(ctx context.Context, config Config) (*Portal, error) {
	if looksReal(config.Token) {
		return nil, fmt.Errorf("opening the portal: %w", ErrRealToken)
	}
	account := config.AccountID
	if account == "" {
		account = newAccount(config.Path)
	}
	if number, err := strconv.ParseInt(account, 10, 64); err != nil || number <= 0 {
		return nil, fmt.Errorf("opening the portal: the account id %q is not a positive number", account)
	}
	zone, err := time.LoadLocation(config.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("opening the portal: reading its time zone: %w", err)
	}
	faults, err := newFaults(config.Faults, config.OnFault)
	if err != nil {
		return nil, fmt.Errorf("opening the portal: %w", err)
	}
	s, err := store.Open(ctx, config.Path, account)
	if err != nil {
		return nil, err
	}
	p := &Portal{config: config, store: s, zone: zone, routes: routes(), counts: newCounts(), closing: make(chan struct{})}
	p.faults.Store(faults)
	p.limiter = newLimiter(config, zone, p.ruled(rulingRefusedRequests) == "counted")
	if p.number, err = strconv.ParseInt(s.Account(), 10, 64); err != nil {
		return nil, fmt.Errorf("opening the portal: its file has no account id: %w", err)
	}
	if err := p.reload(ctx); err != nil {
		return nil, err
	}
	return p, nil
}

// newAccount makes up an account id from the time, which no two portals that a
// person creates share.
func newAccount(path string) string {
	hash := fnv.New64a()
	_, _ = hash.Write(binary.LittleEndian.AppendUint64([]byte(path), uint64(time.Now().UnixNano()))) // #nosec G115 -- any bits will do; a hash takes every write
	return strconv.FormatUint(100_000_000+hash.Sum64()%900_000_000, 10)
}

// reload reads the definitions again after they were changed.
func (p *Portal) reload(ctx context.Context) error {
	return p.store.View(ctx, func(ctx context.Context, tx *store.Tx) error {
		c, err := p.loadCatalog(ctx, tx)
		if err != nil {
			return fmt.Errorf("reading the portal's definitions: %w", err)
		}
		p.catalog.Store(c)
		return nil
	})
}

// release ends every wait that a fault imposes.
func (p *Portal) release() { p.close.Do(func() { close(p.closing) }) }

// Close waits for running requests and closes the file.
func (p *Portal) Close() error {
	p.release()
	p.inside.Wait()
	return p.store.Close()
}

// AccountID is the portal's account id: decimal digits, kept in its file.
func (p *Portal) AccountID() string { return p.store.Account() }

// Stats is what a portal holds.
type Stats struct {
	AccountID    string
	Objects      map[crm.ObjectType]Count // types that have records
	Associations int64                    // associated pairs
	Bytes        int64                    // size of the file, or of the memory that stands for it
}

// Count are the records of one type.
type Count struct {
	Live, Archived int64
}

// Stats counts what the portal holds. It reads an index over every record: about
// a tenth of a second for a million.
func (p *Portal) Stats(ctx context.Context) (Stats, error) {
	stats := Stats{AccountID: p.AccountID(), Objects: make(map[crm.ObjectType]Count)}
	err := p.store.View(ctx, func(ctx context.Context, tx *store.Tx) error {
		counts, err := tx.Counts(ctx)
		if err != nil {
			return err
		}
		for objectType, count := range counts {
			stats.Objects[objectType] = Count(count)
		}
		if stats.Associations, err = tx.LinkCount(ctx); err != nil {
			return err
		}
		stats.Bytes, err = tx.Size(ctx)
		return err
	})
	if err != nil {
		return Stats{}, fmt.Errorf("counting the portal's records: %w", err)
	}
	return stats, nil
}

// Empty reports whether the portal has no record at all, archived ones included.
func (p *Portal) Empty(ctx context.Context) (empty bool, err error) {
	err = p.store.View(ctx, func(ctx context.Context, tx *store.Tx) error {
		empty, err = tx.Empty(ctx)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("looking for records: %w", err)
	}
	return empty, nil
}
