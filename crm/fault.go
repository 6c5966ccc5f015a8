package crm

import "time"

// Scenario says which requests to a local portal go wrong, and how. docs/faults.md
// shows what each kind of fault looks like to a client.
type Scenario struct {
	Seed   uint64 // with the order of the requests, decides where a probability strikes
	Faults []Fault
}

// Fault is one thing that goes wrong. A field that does not belong to its kind has
// no meaning.
type Fault struct {
	Match       FaultMatch
	Kind        FaultKind
	AfterCommit bool          // the request is carried out first; what suffers is its answer
	For         time.Duration // delay
	Pause       time.Duration // drip: between two parts of the body
	Bytes       int           // cut: as many arrive; drip: in each part
	Status      int           // status and page
	HTML        bool          // status: an HTML body instead of HubSpot's error envelope
	Text        string        // wrong_json: the body
	Policy      string        // rate_limit: the limit's name in the body
	RetryAfter  int           // rate_limit and migrating: the header, in seconds; 0 = none
	Scopes      []string      // missing_scopes: what the body says is required
}

// FaultMatch chooses requests. The zero value chooses all.
type FaultMatch struct {
	Method      string  // "" = any
	Path        string  // a pattern: * or {name} stand for one part, a last * for all that follow; "" = any
	From, To    int     // which of the requests with this method and path, counted from 1; 0 = no bound
	Every       int     // of those, each so many; 0 = each
	Probability float64 // of those, at random; 0 = all
}

// FaultKind is what goes wrong.
type FaultKind string

// The kinds of faults.
const (
	FaultDelay         FaultKind = "delay"          // the request or its answer takes longer
	FaultStall         FaultKind = "stall"          // there is no answer until the client leaves
	FaultStatus        FaultKind = "status"         // an error status
	FaultDrop          FaultKind = "drop"           // the connection is reset
	FaultCut           FaultKind = "cut"            // the connection ends inside the body
	FaultDrip          FaultKind = "drip"           // the body comes in small parts
	FaultPage          FaultKind = "page"           // an HTML page, as a proxy shows it
	FaultWrongJSON     FaultKind = "wrong_json"     // 200 with JSON that no endpoint answers
	FaultLocked        FaultKind = "locked"         // 423, for 2 seconds
	FaultRateLimit     FaultKind = "rate_limit"     // 429
	FaultMigrating     FaultKind = "migrating"      // 477
	FaultUnauthorized  FaultKind = "unauthorized"   // 401
	FaultMissingScopes FaultKind = "missing_scopes" // 403
)

// FaultKinds lists all kinds.
func FaultKinds() []FaultKind {
	return []FaultKind{
		FaultDelay, FaultStall, FaultStatus, FaultDrop, FaultCut, FaultDrip, FaultPage, FaultWrongJSON,
		FaultLocked, FaultRateLimit, FaultMigrating, FaultUnauthorized, FaultMissingScopes,
	}
}
