// Package hubspot speaks HubSpot's CRM API: wire types, limits, typed errors, and
// two clients. A Reader has no write methods and sits on a transport that lets
// only reads through; a Client adds the writes.
//
// Both pace themselves by one limiter, retry what is safe to retry, and account
// for every input of a batch: an input whose outcome the answer does not tell
// ends as ErrUnknownOutcome, never as success or failure. Nothing that may have
// been committed is sent again by this package.
//
// Errors are *Error where HubSpot answered, and wrap one of the sentinels of this
// package; errors.Is and errors.As find both. Their texts hold no token, no
// address and no record id.
package hubspot

// Limits of the API, from HubSpot's guides.
const (
	MaxBatch           = 100  // inputs of a batch create, read, update, upsert or archive
	MaxHistoryRead     = 50   // inputs of a batch read that asks for histories
	MaxPage            = 100  // records a page of a list
	MaxOwnersPage      = 500  // owners a page
	MaxAssociationRead = 1000 // inputs of an association batch read
	MaxAssociate       = 2000 // inputs of an association batch create
	MaxDissociate      = 1000 // inputs of an association batch archive; HubSpot documents no figure
	MaxSearchPage      = 200  // records a page of a search
	MaxSearchResults   = 10000
	MaxSearchBody      = 3000 // characters of a search's body
	MaxSearchFilters   = 6    // conditions that must hold together
	MaxURL             = 8000 // bytes of a request URL; HubSpot answers 414 above about 16,000
)
