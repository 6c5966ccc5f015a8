package snapshot

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strconv"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/spec"
)

// ErrBinUnchecked is the last thing that Contacts yields when the portal does not
// read archived contacts by address and there are too many to ask one by one:
// everything live was yielded, but a create may bring back a contact that lies in
// the recycle bin.
var ErrBinUnchecked = errors.New("the recycle bin could not be checked for the addresses that would be created")

// Contacts reads the contacts that a document names by address (its own, previous
// and secondary ones) and by id, with their associations of the types that the
// document names, and yields them in batches of up to 1,000 in any order. What is
// not found is looked up again in the recycle bin; such contacts are yielded with
// Archived set. Properties that the portal does not define are not asked for.
//
// It takes ⌈K/100⌉ requests for K addresses, as many for ids, ⌈M/100⌉ for the M of
// them that were not found, and ⌈F/1000⌉ for each type of association and F
// contacts found. Reading ends at the first error, which is yielded; see
// ErrBinUnchecked for the one that leaves the rest complete.
func Contacts(ctx context.Context, reader *hubspot.Reader, doc *spec.Document, portal *crm.Portal) iter.Seq2[[]crm.Contact, error] {
	return func(yield func([]crm.Contact, error) bool) {
		newLookup(reader, needsOf(doc), portal).run(ctx, yield)
	}
}

// ContactsInFull is Contacts with every property of the portal, named by the document
// or not, but for sensitive ones that the document does not name.
func ContactsInFull(ctx context.Context, reader *hubspot.Reader, doc *spec.Document, portal *crm.Portal) iter.Seq2[[]crm.Contact, error] {
	return func(yield func([]crm.Contact, error) bool) {
		l := newLookup(reader, needsOf(doc), portal)
		l.properties = sortedUnique(l.properties, exported(portal, nil))
		l.run(ctx, yield)
	}
}

// A lookup is one reading of a document's contacts. Its state belongs to the
// goroutine that iterates; requests are its tasks.
type lookup struct {
	reader     *hubspot.Reader
	needs      needs
	properties []string
	tasks      *tasks[found]
	seen       map[string]struct{} // ids of the live contacts that came already

	ready   []crm.Contact       // to be yielded
	scope   []crm.ObjectID      // to be yielded
	unbound []crm.Contact       // live, associations not read yet
	absent  map[string][]string // by idProperty: not found, to be looked up in the bin
	singles []string            // addresses the bin must be asked for one by one

	listChanged bool // the list of all contacts did not hold still
}

// found is what one request brought.
type found struct {
	contacts   []crm.Contact
	idProperty string
	missing    []string
	refused    []string // the bin is not read by address: ask for these singly
	bound      bool     // the contacts need nothing more
	scope      []crm.ObjectID
	more       func(context.Context) (found, error) // what is to be asked next
}

const (
	byEmail = "email"
	byID    = ""
	// Above this many addresses the bin is not asked one by one.
	maxSingles = 100
)

func newLookup(reader *hubspot.Reader, n needs, portal *crm.Portal) *lookup {
	named := slices.DeleteFunc(n.properties, func(name string) bool {
		_, defined := portal.Properties[name]
		return !defined
	})
	return &lookup{
		reader: reader, needs: n, properties: sortedUnique(judged, named),
		tasks: newTasks[found](), seen: make(map[string]struct{}), absent: make(map[string][]string),
	}
}

// run sends every request and yields what they bring.
func (l *lookup) run(ctx context.Context, yield func([]crm.Contact, error) bool) {
	ctx, cancel := context.WithCancel(ctx)
	defer l.tasks.drain()
	defer cancel()
	l.start()
	l.drive(ctx, func(batch Batch, err error) bool { return yield(batch.Contacts, err) })
}

// drive yields what the tasks bring until none is left.
func (l *lookup) drive(ctx context.Context, yield func(Batch, error) bool) {
	for {
		done, ok, err := l.tasks.next(ctx)
		if err != nil {
			yield(Batch{}, fmt.Errorf("reading contacts: %w", err))
			return
		}
		if !ok && !l.flush() {
			break
		}
		if ok {
			l.take(done)
		}
		if !l.hand(yield) {
			return
		}
	}
	if l.binUnchecked() && !yield(Batch{}, ErrBinUnchecked) {
		return
	}
	if l.listChanged {
		yield(Batch{}, ErrScopeIncomplete)
	}
}

// hand yields what is ready, if anything is.
func (l *lookup) hand(yield func(Batch, error) bool) bool {
	if len(l.ready) == 0 && len(l.scope) == 0 {
		return true
	}
	batch := Batch{Contacts: l.ready, Scope: l.scope}
	l.ready, l.scope = nil, nil
	return yield(batch, nil)
}

func (l *lookup) start() {
	for chunk := range slices.Chunk(l.needs.emails, hubspot.MaxBatch) {
		l.tasks.add(l.read(byEmail, chunk, false))
	}
	for chunk := range slices.Chunk(l.needs.ids, hubspot.MaxBatch) {
		l.tasks.add(l.read(byID, chunk, false))
	}
}

// read looks up to 100 addresses or ids up.
func (l *lookup) read(idProperty string, keys []string, archived bool) func(context.Context) (found, error) {
	return func(ctx context.Context) (found, error) {
		answer, err := l.reader.BatchRead(ctx, contacts, hubspot.BatchReadRequest{
			Properties: l.properties, IDProperty: idProperty, Inputs: recordIDs(keys),
		}, archived)
		var refusal *hubspot.Error
		switch {
		case archived && idProperty == byEmail && errors.As(err, &refusal) && refusal.StatusCode == http.StatusBadRequest:
			return found{refused: keys}, nil
		case err != nil:
			return found{}, err
		}
		result := found{idProperty: idProperty, missing: answer.Missing, bound: archived}
		if archived {
			result.missing = nil
		}
		for i := range answer.Found {
			contact := contactOf(&answer.Found[i].Object, l.properties)
			contact.Archived = contact.Archived || archived
			asked(&contact, answer.Found[i].Asked)
			result.contacts = append(result.contacts, contact)
		}
		return result, nil
	}
}

// take files what a request brought, and adds the requests that can be filled.
func (l *lookup) take(f found) {
	l.singles = append(l.singles, f.refused...)
	l.scope = append(l.scope, f.scope...)
	if f.more != nil {
		l.tasks.add(f.more)
	}
	if f.bound {
		l.ready = append(l.ready, f.contacts...)
		return
	}
	for _, contact := range f.contacts {
		l.live(contact)
	}
	l.fill()
	l.absent[f.idProperty] = append(l.absent[f.idProperty], f.missing...)
	for len(l.absent[f.idProperty]) >= hubspot.MaxBatch {
		l.searchBin(f.idProperty, hubspot.MaxBatch)
	}
}

// live files a live contact. The same one can be found by several of its addresses
// and ids; it is kept again only where it tells what it was asked by.
func (l *lookup) live(contact crm.Contact) {
	_, known := l.seen[string(contact.ID)]
	if known && len(contact.Asked) == 0 {
		return
	}
	l.seen[string(contact.ID)] = struct{}{}
	if len(l.needs.linked) == 0 {
		l.ready = append(l.ready, contact)
		return
	}
	l.unbound = append(l.unbound, contact)
}

// fill adds the requests for associations that are full.
func (l *lookup) fill() {
	for len(l.unbound) >= hubspot.MaxAssociationRead {
		l.bind(hubspot.MaxAssociationRead)
	}
}

// bind adds the request for the associations of the first n contacts.
func (l *lookup) bind(n int) {
	batch := l.unbound[:n:n]
	l.unbound = l.unbound[n:]
	l.tasks.add(func(ctx context.Context) (found, error) {
		err := bind(ctx, l.reader, batch, l.needs.linked)
		return found{contacts: batch, bound: true}, err
	})
}

func (l *lookup) searchBin(idProperty string, n int) {
	keys := l.absent[idProperty][:n:n]
	l.absent[idProperty] = l.absent[idProperty][n:]
	l.tasks.add(l.read(idProperty, keys, true))
}

// flush adds the requests that will not become fuller, and reports whether there
// were any.
func (l *lookup) flush() bool {
	flushed := false
	for _, idProperty := range []string{byEmail, byID} {
		if n := len(l.absent[idProperty]); n > 0 {
			l.searchBin(idProperty, n)
			flushed = true
		}
	}
	if n := len(l.unbound); n > 0 {
		l.bind(n)
		flushed = true
	}
	if flushed || l.binUnchecked() {
		return flushed // the number of single addresses is known when all else is done
	}
	for _, email := range l.singles {
		l.tasks.add(l.single(email))
		flushed = true
	}
	l.singles = nil
	return flushed
}

func (l *lookup) binUnchecked() bool { return len(l.singles) > maxSingles }

// single looks one address up in the bin.
func (l *lookup) single(email string) func(context.Context) (found, error) {
	return func(ctx context.Context) (found, error) {
		object, err := l.reader.Object(ctx, contacts, email, hubspot.GetOptions{
			IDProperty: byEmail, Properties: l.properties, Archived: true,
		})
		if errors.Is(err, hubspot.ErrNotFound) {
			return found{bound: true}, nil
		}
		if err != nil {
			return found{}, err
		}
		contact := contactOf(&object, l.properties)
		contact.Archived = true
		return found{contacts: []crm.Contact{contact}, bound: true}, nil
	}
}

// bind reads the associations of up to 1,000 contacts with records of some types.
func bind(ctx context.Context, reader *hubspot.Reader, batch []crm.Contact, linked []crm.ObjectType) error {
	ids := make([]string, 0, len(batch))
	index := make(map[string][]int, len(batch))
	for i := range batch {
		id := string(batch[i].ID)
		if index[id] == nil {
			ids = append(ids, id)
		}
		index[id] = append(index[id], i)
	}
	for _, to := range linked {
		records, err := reader.AssociationsOf(ctx, contacts, to.Plural(), ids)
		if err != nil {
			return fmt.Errorf("reading associations with %s: %w", to.Plural(), err)
		}
		for _, record := range records {
			for _, at := range index[string(record.From.ID)] {
				batch[at].Associations = append(batch[at].Associations, associationsOf(to, record.To)...)
			}
		}
	}
	for i := range batch {
		slices.SortFunc(batch[i].Associations, func(a, b crm.Association) int { return a.To.Compare(b.To) })
	}
	return nil
}

func associationsOf(to crm.ObjectType, records []hubspot.AssociatedRecord) []crm.Association {
	associations := make([]crm.Association, len(records))
	for i, record := range records {
		types := typesOf(record.AssociationTypes)
		slices.SortFunc(types, crm.AssociationType.Compare)
		associations[i] = crm.Association{To: crm.Ref{Type: to, ID: crm.ObjectID(record.ToObjectID)}, Types: types}
	}
	return associations
}

// stagesOf are a property's options in the portal's order.
func stagesOf(property crm.Property) []string {
	options := slices.Clone(property.Options)
	slices.SortStableFunc(options, func(a, b crm.Option) int { return a.DisplayOrder - b.DisplayOrder })
	stages := make([]string, len(options))
	for i, option := range options {
		stages[i] = option.Value
	}
	return stages
}

func accountID(account hubspot.Account) string { return strconv.FormatInt(account.PortalID, 10) }
