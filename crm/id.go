package crm

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// ObjectID is a record's id in one portal: decimal digits, assigned by HubSpot.
// The same record has other ids in other portals.
type ObjectID string

// Valid reports whether the id is one that HubSpot could have assigned: decimal
// digits without sign, not zero, at most 19 of them.
func (id ObjectID) Valid() bool {
	if len(id) == 0 || len(id) > 19 || id[0] == '0' {
		return false
	}
	for i := range len(id) {
		if id[i] < '0' || id[i] > '9' {
			return false
		}
	}
	return true
}

// Compare orders ids as numbers, so that "99" stands before "100".
func (id ObjectID) Compare(other ObjectID) int {
	return cmp.Or(cmp.Compare(len(id), len(other)), cmp.Compare(id, other))
}

// ObjectType is a type of record in its singular name ("contact", "company") or,
// for a custom object, its object type id ("2-123").
type ObjectType string

// The object types that contacts are most often associated with.
const (
	TypeContact ObjectType = "contact"
	TypeCompany ObjectType = "company"
	TypeDeal    ObjectType = "deal"
	TypeTicket  ObjectType = "ticket"
	TypeNote    ObjectType = "note"
	TypeTask    ObjectType = "task"
	TypeMeeting ObjectType = "meeting"
	TypeEmail   ObjectType = "email"
	TypeCall    ObjectType = "call"
)

type objectTypeNames struct {
	plural string
	id     string
}

// Object type ids as HubSpot's objects guide lists them.
var objectTypes = map[ObjectType]objectTypeNames{
	TypeContact: {"contacts", "0-1"},
	TypeCompany: {"companies", "0-2"},
	TypeDeal:    {"deals", "0-3"},
	TypeTicket:  {"tickets", "0-5"},
	TypeNote:    {"notes", "0-46"},
	TypeTask:    {"tasks", "0-27"},
	TypeMeeting: {"meetings", "0-47"},
	TypeEmail:   {"emails", "0-49"},
	TypeCall:    {"calls", "0-48"},
}

// ObjectTypes lists the named object types, sorted.
func ObjectTypes() []ObjectType {
	names := make([]ObjectType, 0, len(objectTypes))
	for name := range objectTypes {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// ParseObjectType reads a type by its singular name, its plural name, its id
// ("0-2") or a custom object's id ("2-123").
func ParseObjectType(text string) (ObjectType, bool) {
	if _, ok := objectTypes[ObjectType(text)]; ok {
		return ObjectType(text), true
	}
	for name, names := range objectTypes {
		if names.plural == text || names.id == text {
			return name, true
		}
	}
	if ObjectType(text).Custom() {
		return ObjectType(text), true
	}
	return "", false
}

// Custom reports whether the type is a custom object's id: "2-" and digits.
func (t ObjectType) Custom() bool {
	number, ok := strings.CutPrefix(string(t), "2-")
	if !ok {
		return false
	}
	_, err := strconv.ParseUint(number, 10, 63)
	return err == nil
}

// objectTypeName is HubSpot's rule for internal names of custom object types: a letter,
// then letters, digits and underscores, at most 50 of them in all.
var objectTypeName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,49}$`)

// ValidObjectTypeName reports whether a custom object type may bear an internal name.
func ValidObjectTypeName(name string) bool { return objectTypeName.MatchString(name) }

// ID is the object type id ("0-1"); a custom type is its own id.
func (t ObjectType) ID() string {
	if names, ok := objectTypes[t]; ok {
		return names.id
	}
	return string(t)
}

// Plural is the name that stands in API paths ("contacts"); a custom type is
// addressed by its id.
func (t ObjectType) Plural() string {
	if names, ok := objectTypes[t]; ok {
		return names.plural
	}
	return string(t)
}
