package snapshot

import (
	"cmp"
	"slices"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/spec"
)

// Needs are what a document asks of a portal.
type needs struct {
	emails     []string // every address to look up, once
	ids        []string // every id to look up, once
	properties []string // named by the document, sorted
	linked     []crm.ObjectType
	targets    []crm.Target // by property or by an undeclared contact's address, sorted
	owners     []crm.Email  // named by owner: lines
}

func needsOf(doc *spec.Document) needs {
	s := survey{
		emails: newSet[string](), ids: newSet[string](), properties: newSet[string](),
		linked: newSet[crm.ObjectType](), owners: newSet[crm.Email](), targets: newSet[crm.Target](),
		declared: make(map[crm.Email]bool),
	}
	s.settings(doc.Settings())
	for _, contact := range doc.All() {
		s.contact(&contact)
	}
	targets := slices.DeleteFunc(s.targets.list, func(t crm.Target) bool { return s.declared[t.Email] })
	slices.Sort(s.properties.list)
	slices.Sort(s.linked.list)
	slices.SortFunc(targets, compareTargets)
	return needs{
		emails: s.emails.list, ids: s.ids.list, properties: s.properties.list,
		linked: s.linked.list, targets: targets, owners: s.owners.list,
	}
}

// A survey goes over a document once.
type survey struct {
	emails, ids, properties *set[string]
	linked                  *set[crm.ObjectType]
	owners                  *set[crm.Email]
	targets                 *set[crm.Target]
	declared                map[crm.Email]bool
	ownCompanies            bool // the companies of the contacts' own domains are spared
}

// settings adds what the project's rules look at: where associations are exact,
// those that no contact declares are the ones to be seen.
func (s *survey) settings(settings spec.Settings) {
	for _, condition := range slices.Concat(settings.Protect, settings.Scope.Where) {
		s.properties.add(condition.Property)
	}
	for _, to := range slices.Concat(settings.ExactAssociations, settings.ExactStrict) {
		s.linked.add(to)
	}
	s.ownCompanies = slices.Contains(settings.ExactAssociations, crm.TypeCompany)
}

func (s *survey) contact(contact *spec.Contact) {
	if contact.Email != "" {
		s.declared[contact.Email] = true
		s.emails.add(string(contact.Email))
	}
	for _, email := range slices.Concat(contact.PreviousEmails, contact.Also) {
		s.emails.add(string(email))
	}
	if contact.ID != "" {
		s.ids.add(string(contact.ID))
	}
	if contact.Ensure == spec.Archived {
		s.properties.add("hs_last_sales_activity_timestamp")
		s.properties.add("notes_last_updated")
		return
	}
	if domain := contact.Email.Domain(); s.ownCompanies && domain != "" && !crm.Freemail(domain) {
		s.targets.add(crm.Target{Type: crm.TypeCompany, Property: "domain", Value: domain})
	}
	if contact.Owner != "" {
		s.owners.add(contact.Owner)
		s.properties.add(ownerProperty)
	}
	for _, property := range contact.Properties {
		s.properties.add(property.Name)
	}
	for _, association := range contact.Associations {
		s.linked.add(association.To.Type)
		if association.To.ID == "" {
			s.targets.add(association.To)
		}
	}
}

const ownerProperty = "hubspot_owner_id"

// A set keeps the order in which its members came.
type set[T comparable] struct {
	has  map[T]struct{}
	list []T
}

func newSet[T comparable]() *set[T] {
	return &set[T]{has: make(map[T]struct{})}
}

func (s *set[T]) add(member T) {
	if _, known := s.has[member]; !known {
		s.has[member] = struct{}{}
		s.list = append(s.list, member)
	}
}

func compareTargets(a, b crm.Target) int {
	return cmp.Or(
		cmp.Compare(a.Type, b.Type), cmp.Compare(a.Property, b.Property), cmp.Compare(a.Value, b.Value),
		cmp.Compare(a.Email, b.Email), a.ID.Compare(b.ID),
	)
}
