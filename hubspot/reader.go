package hubspot

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"sync/atomic"
)

// Reader reads a portal. It is safe for concurrent use. Its transport refuses
// whatever is not a read before anything is sent.
//
// Every method may end with *Error, ErrUnreachable, ErrNotHubSpot, ErrRedirect,
// ErrInconsistent or the context's error.
type Reader struct {
	session *session
	account atomic.Pointer[Account]
}

// Requests is how many requests were sent so far, repeated ones included.
func (r *Reader) Requests() int64 { return r.session.requests.Load() }

// Limits are the portal's limits as its last answers told them.
func (r *Reader) Limits() LimitState { return r.session.gate.state() }

// Version is the API version in use.
func (r *Reader) Version() Version { return r.session.version }

// Account says which portal the token belongs to. A token never changes its
// portal, so a Reader asks until it is answered once.
func (r *Reader) Account(ctx context.Context) (Account, error) {
	if known := r.account.Load(); known != nil {
		return *known, nil
	}
	c, err := r.session.version.newCall(routeAccount)
	if err != nil {
		return Account{}, err
	}
	account, err := fetch(ctx, r.session, c, func(a Account) error {
		if a.PortalID == 0 {
			return errors.New("the answer has no portal id")
		}
		return nil
	})
	if err != nil {
		return Account{}, err
	}
	r.account.Store(&account)
	return account, nil
}

// TokenInfo is what HubSpot tells of a token of the private-app kind.
type TokenInfo struct {
	UserID int64    `json:"userId"`
	HubID  int64    `json:"hubId"`
	AppID  int64    `json:"appId"`
	Scopes []string `json:"scopes"`
}

// TokenInfo asks which scopes the token has. HubSpot does not document it for
// every kind of token: an error means "not known", not "no scopes".
func (r *Reader) TokenInfo(ctx context.Context) (TokenInfo, error) {
	c, err := r.session.post(routeToken, map[string]string{"tokenKey": r.session.token.reveal()})
	if err != nil {
		return TokenInfo{}, err
	}
	return fetch[TokenInfo](ctx, r.session, c, nil)
}

// Properties are an object type's definitions of one sensitivity:
// "non_sensitive" (also ""), "sensitive" or "highly_sensitive".
func (r *Reader) Properties(ctx context.Context, objectType, sensitivity string) ([]Property, error) {
	c, err := r.session.version.newCall(routeProperties, objectType)
	if err != nil {
		return nil, err
	}
	if sensitivity != "" {
		c.query = url.Values{"dataSensitivity": {sensitivity}}
	}
	return definitions(ctx, r.session, c, func(p Property) bool { return p.Name != "" })
}

// definitions reads a list that comes in one page. Where one of the list lacks what it
// is known by, the list is not believed.
func definitions[T any](ctx context.Context, s *session, c call, known func(T) bool) ([]T, error) {
	page, err := fetchList[Page[T]](ctx, s, c)
	if err != nil {
		return nil, err
	}
	for _, definition := range page.Results {
		if !known(definition) {
			return nil, fmt.Errorf("%s: %w: a definition has no name", c.name(), ErrInconsistent)
		}
	}
	return page.Results, nil
}

// objectTypeIDs are the names for which an endpoint wants the id.
var objectTypeIDs = map[string]string{
	"contact": "0-1", "contacts": "0-1", "company": "0-2", "companies": "0-2",
	"deal": "0-3", "deals": "0-3", "ticket": "0-5", "tickets": "0-5",
}

// PropertyRules are the portal's validation rules of an object type's properties.
func (r *Reader) PropertyRules(ctx context.Context, objectType string) ([]PropertyRules, error) {
	if id, ok := objectTypeIDs[objectType]; ok {
		objectType = id
	}
	c, err := r.session.version.newCall(routePropertyRules, objectType)
	if err != nil {
		return nil, err
	}
	return definitions(ctx, r.session, c, func(p PropertyRules) bool { return p.PropertyName != "" })
}

// Labels are the association types from one object type to another.
func (r *Reader) Labels(ctx context.Context, from, to string) ([]Label, error) {
	c, err := r.session.version.newCall(routeLabels, from, to)
	if err != nil {
		return nil, err
	}
	return definitions(ctx, r.session, c, func(l Label) bool { return l.Category != "" && l.TypeID > 0 })
}

// Owners are all owners, of all pages: the active ones, or the deactivated ones.
func (r *Reader) Owners(ctx context.Context, archived bool) ([]Owner, error) {
	c, err := r.session.version.newCall(routeOwners)
	if err != nil {
		return nil, err
	}
	c.query = url.Values{
		"limit":    {strconv.Itoa(MaxOwnersPage)},
		"archived": {strconv.FormatBool(archived)},
	}
	var owners []Owner
	for page, err := range pages[Owner](ctx, r.session, c, func(o Owner) (id, revision string) { return o.ID, "" }) {
		if err != nil {
			return nil, err
		}
		owners = append(owners, page...)
	}
	return owners, nil
}
