package snapshot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/spec"
)

// Who else is in scope.
//
// A scope that names conditions is searched for, which is cheap and may lag behind
// or miss what changed a moment ago; so a search only says whom to look at, and
// every candidate is read again by its id before it is judged (Candidates). What a
// search cannot find (more than 10,000 contacts, conditions that it does not take)
// and the scope all are read from the list of all contacts. The list is no index:
// contacts that the document names are taken from it and not read a second time.

// Batch is part of what Owned reads.
type Batch struct {
	// Contacts are those that the document names, as Contacts yields them.
	Contacts []crm.Contact
	// Scope are live contacts in the document's scope, as far as search or the list
	// tell. Some of them may be named by the document as well.
	Scope []crm.ObjectID
}

// ErrScopeIncomplete is the last thing that Owned yields when contacts moved within the
// list while it was read. Those that the document names are complete, since whoever the
// list did not tell of was looked up; of the others some may be missing.
var ErrScopeIncomplete = errors.New("contacts moved in the portal's list while it was read, so some that no file names may have been passed over")

// Owned reads the contacts that a document names, as Contacts does, and says which
// others lie in its scope. Whether those are what they seem is for Candidates. Reading
// ends at the first error, which is yielded; ErrBinUnchecked and ErrScopeIncomplete are
// those that leave the named contacts complete.
//
// Beside the requests of Contacts it takes ⌈S/200⌉ searches for S contacts in scope,
// one at least; or ⌈N/100⌉ pages of the list of all N contacts, and then what the
// list told is not looked up again: of K names only those that are no live contact's
// own address or id are. A search for more than 10,000 contacts is given up after
// its first page.
func Owned(ctx context.Context, reader *hubspot.Reader, doc *spec.Document, portal *crm.Portal) iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		l := newLookup(reader, needsOf(doc), portal)
		o := owned{lookup: l, of: doc.Settings().Scope, definitions: portal.Properties}
		ctx, cancel := context.WithCancel(ctx)
		found, err := o.search(ctx)
		defer o.stop()
		defer l.tasks.drain()
		defer cancel()
		switch {
		case err != nil:
			yield(Batch{}, err)
			return
		case !found && o.of.Kind != spec.ScopeListed && !o.list(ctx, yield):
			return
		}
		l.start()
		l.drive(ctx, yield)
	}
}

// owned is a lookup that also finds who else is in scope.
type owned struct {
	*lookup
	of          spec.Scope
	definitions map[string]crm.Property
	next        func() ([]hubspot.Object, error, bool) // the pages of a search
	stop        func()
}

// search begins a search for the scope and adds its further pages to the tasks. It
// reports false where the list must be read instead.
func (o *owned) search(ctx context.Context) (bool, error) {
	o.stop = func() {}
	request, ok := scopeSearch(&o.of, o.definitions)
	if !ok {
		return false, nil
	}
	o.next, o.stop = iter.Pull2(o.reader.Search(ctx, contacts, request))
	first, err := o.page(ctx)
	if errors.Is(err, hubspot.ErrSearchTooBroad) {
		return false, nil
	}
	o.take(first)
	return true, err
}

// page takes the next page of the search. It runs once at a time.
func (o *owned) page(context.Context) (found, error) {
	objects, err, ok := o.next()
	if err != nil {
		return found{}, fmt.Errorf("searching for the scope: %w", err)
	}
	page := found{bound: true}
	for i := range objects {
		page.scope = append(page.scope, crm.ObjectID(objects[i].ID))
	}
	if ok {
		page.more = o.page
	}
	return page, nil
}

// scopeSearch is the query for a scope; false for one that a search does not find
// in full. It may find more than is meant, since it compares texts without case.
func scopeSearch(scope *spec.Scope, definitions map[string]crm.Property) (hubspot.SearchRequest, bool) {
	if scope.Kind != spec.ScopeWhere || len(scope.Where) > hubspot.MaxSearchFilters {
		return hubspot.SearchRequest{}, false
	}
	request := hubspot.SearchRequest{
		FilterGroups: make([]hubspot.FilterGroup, 1),
		Properties:   []string{"hs_object_id"},
		Sorts:        []hubspot.Sort{{PropertyName: "hs_object_id", Direction: "ASCENDING"}},
		Limit:        hubspot.MaxSearchPage,
	}
	for i := range scope.Where {
		filter, ok := scopeFilter(&scope.Where[i], definitions[scope.Where[i].Property])
		if !ok {
			return request, false
		}
		request.FilterGroups[0].Filters = append(request.FilterGroups[0].Filters, filter)
	}
	body, err := json.Marshal(request)
	return request, err == nil && len(body) <= maxSearchBody
}

// scopeFilter is a condition as a search takes it. Days and times are left to the
// list: a search takes them in another form than a file.
func scopeFilter(c *spec.Condition, definition crm.Property) (hubspot.Filter, bool) {
	filter := hubspot.Filter{PropertyName: c.Property}
	values := c.In
	switch {
	case c.Has != nil && *c.Has:
		filter.Operator = "HAS_PROPERTY"
		return filter, true
	case c.Has != nil:
		// A count of 0 is no value to a file and one to a search.
		filter.Operator = "NOT_HAS_PROPERTY"
		return filter, !strings.HasPrefix(c.Property, "num_associated_")
	case c.Equals != nil && *c.Equals == "":
		filter.Operator = "NOT_HAS_PROPERTY"
		return filter, true
	case c.Equals != nil && definition.Multiple():
		values = crm.SplitSet(*c.Equals)
	case c.Equals != nil:
		values = []string{*c.Equals}
	}
	switch definition.Type {
	case "string", "enumeration", "number", "bool", "phone_number":
	default:
		return filter, false
	}
	filter.Operator = "IN"
	for _, value := range values {
		filter.Values = append(filter.Values, value)
		if folded := strings.ToLower(value); folded != value {
			filter.Values = append(filter.Values, folded)
		}
	}
	return filter, len(filter.Values) <= maxSearchValues
}

// list reads all contacts, takes those that the document names and notes the
// others in scope. Where the list's URL does not carry every property, it says only
// who there is, and the names are looked up as if there had been no list. It reports
// false when reading is over.
func (o *owned) list(ctx context.Context, yield func(Batch, error) bool) bool {
	options := hubspot.ListOptions{Properties: o.properties, Limit: hubspot.MaxPage}
	names := o.names()
	whole := o.reader.URLFits(contacts, options)
	if !whole {
		options.Properties = []string{"email", "hs_additional_emails"}
		for i := range o.of.Where {
			options.Properties = append(options.Properties, o.of.Where[i].Property)
		}
		options.Properties = sortedUnique(options.Properties)
	}
	for page, err := range o.reader.Objects(ctx, contacts, options) {
		if errors.Is(err, hubspot.ErrListChanged) {
			o.listChanged = true
			break
		}
		if err != nil {
			yield(Batch{}, fmt.Errorf("listing contacts: %w", err))
			return false
		}
		for i := range page {
			contact := contactOf(&page[i], options.Properties)
			switch {
			case !names.take(&contact, whole):
				if o.of.Holds(contact.Properties, o.definitions) {
					o.scope = append(o.scope, contact.ID)
				}
			case whole:
				o.live(contact)
			}
		}
		o.fill()
		if !o.collect(ctx, yield) {
			return false
		}
	}
	o.needs.emails, o.needs.ids = names.left(o.needs.emails), names.left(o.needs.ids)
	return true
}

// collect takes what the tasks have brought so far and hands it on.
func (o *owned) collect(ctx context.Context, yield func(Batch, error) bool) bool {
	for {
		done, ok, err := o.tasks.poll(ctx)
		if err != nil {
			yield(Batch{}, fmt.Errorf("reading contacts: %w", err))
			return false
		}
		if !ok {
			return o.hand(yield)
		}
		o.take(done)
	}
}

// nameSet are the addresses and ids that a document names, true once a contact in
// the list bore them.
type nameSet map[string]bool

func (l *lookup) names() nameSet {
	names := make(nameSet, len(l.needs.emails)+len(l.needs.ids))
	for _, email := range l.needs.emails {
		names[email] = false
	}
	for _, id := range l.needs.ids {
		names[id] = false
	}
	return names
}

// take reports whether the document names a contact, and with settle marks by what:
// those names need no lookup any more.
func (n nameSet) take(contact *crm.Contact, settle bool) bool {
	named := false
	mark := func(name string) {
		if _, ok := n[name]; ok {
			named = true
			n[name] = n[name] || settle
		}
	}
	mark(string(contact.ID))
	mark(string(contact.Email))
	for _, email := range contact.Additional {
		mark(string(email))
	}
	return named
}

// left are those of some names that no contact in the list bore.
func (n nameSet) left(names []string) []string {
	var left []string
	for _, name := range names {
		if !n[name] {
			left = append(left, name)
		}
	}
	return left
}
