package portal

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/hubspot"
	"github.com/contactsync/contactsync/portal/internal/store"
	"github.com/contactsync/contactsync/portal/internal/values"
)

type searchRequest struct {
	FilterGroups []filterGroup  `json:"filterGroups"`
	Properties   []string       `json:"properties"`
	Sorts        []searchSort   `json:"sorts"`
	Query        string         `json:"query"`
	Limit        hubspot.FlexID `json:"limit"`
	After        hubspot.FlexID `json:"after"`
}

type filterGroup struct {
	Filters []filter `json:"filters"`
}

type filter struct {
	PropertyName string           `json:"propertyName"`
	Operator     string           `json:"operator"`
	Value        hubspot.FlexID   `json:"value"`
	HighValue    hubspot.FlexID   `json:"highValue"`
	Values       []hubspot.FlexID `json:"values"`
}

// searchSort is an object in HubSpot's guide and a property name in its spec.
type searchSort struct {
	PropertyName string `json:"propertyName"`
	Direction    string `json:"direction"`
}

var errNotSort = errors.New("a sort must be the name of a property, or an object with propertyName and direction")

func (s *searchSort) UnmarshalJSON(data []byte) error {
	var name string
	if err := json.Unmarshal(data, &name); err == nil {
		*s = searchSort{PropertyName: strings.TrimPrefix(name, "-"), Direction: "ASCENDING"}
		if strings.HasPrefix(name, "-") {
			s.Direction = "DESCENDING"
		}
		return nil
	}
	type plain searchSort // without this method
	if json.Unmarshal(data, (*plain)(s)) != nil {
		return errNotSort
	}
	return nil
}

// operators says how many values each takes; -1 is a list.
var operators = map[string]int{
	"EQ": 1, "NEQ": 1, "LT": 1, "LTE": 1, "GT": 1, "GTE": 1, "BETWEEN": 2, "IN": -1, "NOT_IN": -1,
	"HAS_PROPERTY": 0, "NOT_HAS_PROPERTY": 0, "CONTAINS_TOKEN": 1, "NOT_CONTAINS_TOKEN": 1,
}

// searched are the properties that a free-text query looks at.
var searched = map[crm.ObjectType][]string{
	crm.TypeContact: {"email", "firstname", "lastname", "phone", "company"},
	crm.TypeCompany: {"name", "domain", "website", "phone"},
	crm.TypeDeal:    {"dealname"},
	crm.TypeTicket:  {"subject", "content"},
}

// storeQuery checks a search and says it in the store's words.
func (c *call) storeQuery(objectType crm.ObjectType, request searchRequest) (store.Query, error) {
	q := store.Query{Type: objectType, Limit: 10}
	filters := 0
	for _, group := range request.FilterGroups {
		filters += len(group.Filters)
		if len(group.Filters) > maxGroupFilters {
			return q, invalid("A filter group may have at most %d filters", maxGroupFilters)
		}
		var conditions []store.Condition
		for _, filter := range group.Filters {
			condition, err := c.condition(objectType, filter)
			if err != nil {
				return q, err
			}
			conditions = append(conditions, condition)
		}
		q.Groups = append(q.Groups, conditions)
	}
	if len(request.FilterGroups) > maxFilterGroups || filters > maxFilters {
		return q, invalid("A search may have at most %d filter groups and %d filters in all", maxFilterGroups, maxFilters)
	}
	if len(request.Sorts) > 1 {
		return q, invalid("A search may have only one sort")
	}
	for _, sort := range request.Sorts {
		column, err := c.column(objectType, sort.PropertyName)
		if err != nil {
			return q, err
		}
		if !slices.Contains([]string{"", "ASCENDING", "DESCENDING"}, sort.Direction) {
			return q, invalid("There is no direction %q to sort in", sort.Direction)
		}
		q.Orders = append(q.Orders, store.Order{Column: column, Descending: sort.Direction == "DESCENDING"})
	}
	q.Groups = freeText(c.catalog.searchable(objectType), q.Groups, request.Query)
	return q, request.page(&q)
}

// freeText adds a free-text query to the alternatives of a search.
func freeText(names []string, groups [][]store.Condition, query string) [][]store.Condition {
	if query == "" {
		return groups
	}
	if len(groups) == 0 {
		groups = [][]store.Condition{nil}
	}
	if len(names) == 0 { // nothing to look at: no record has the id 0
		return [][]store.Condition{{{Column: store.Column{Name: propertyID, Kind: store.ID}, Operator: "EQ", Values: []any{0}}}}
	}
	var combined [][]store.Condition
	for _, group := range groups {
		for _, name := range names {
			word := store.Condition{Column: store.Column{Name: name, Kind: store.Text}, Operator: "CONTAINS_TOKEN", Values: []any{pattern(query + "*")}}
			combined = append(combined, append(slices.Clone(group), word))
		}
	}
	return combined
}

// page reads limit and after.
func (r searchRequest) page(q *store.Query) error {
	var err error
	if r.Limit != "" {
		if q.Limit, err = strconv.Atoi(string(r.Limit)); err != nil || q.Limit < 1 || q.Limit > hubspot.MaxSearchPage {
			return invalid("The limit of a search must be a number from 1 to %d", hubspot.MaxSearchPage)
		}
	}
	if r.After != "" {
		if q.Offset, err = strconv.Atoi(string(r.After)); err != nil || q.Offset < 0 {
			return invalid("The paging cursor of a search must be an integer, not %q", string(r.After))
		}
	}
	if q.Offset > hubspot.MaxSearchResults-q.Limit {
		return invalid("A search returns at most %d results: narrow the filters", hubspot.MaxSearchResults)
	}
	return nil
}

// condition checks one filter. A list of texts is compared with the lower case of
// what the portal holds, so a value with capitals in it finds nothing: HubSpot's
// guide asks for lower case there.
func (c *call) condition(objectType crm.ObjectType, f filter) (store.Condition, error) {
	count, known := operators[f.Operator]
	if !known {
		return store.Condition{}, invalid("There is no operator %q", f.Operator)
	}
	column, err := c.column(objectType, f.PropertyName)
	if err != nil {
		return store.Condition{}, err
	}
	given := f.Values
	switch {
	case count == 1:
		given = []hubspot.FlexID{f.Value}
	case count == 2:
		given = []hubspot.FlexID{f.Value, f.HighValue}
	case count == 0 && (f.Value != "" || len(f.Values) > 0):
		return store.Condition{}, invalid("The operator %s takes no value", f.Operator)
	case count < 0 && len(given) == 0:
		return store.Condition{}, invalid("The operator %s needs values", f.Operator)
	}
	if slices.Contains(given, "") {
		return store.Condition{}, invalid("The operator %s needs a value in each place", f.Operator)
	}
	condition := store.Condition{Column: column, Operator: f.Operator}
	if count == 0 {
		return condition, nil
	}
	for _, value := range given {
		if count < 0 && column.Kind == store.Text && strings.ToLower(string(value)) != string(value) {
			continue
		}
		operand, err := c.operand(objectType, f, column, string(value))
		if err != nil {
			return store.Condition{}, err
		}
		condition.Values = append(condition.Values, operand)
	}
	return condition, nil
}

// column finds where a property's values stand and how they compare.
func (c *call) column(objectType crm.ObjectType, name string) (store.Column, error) {
	property, defined := c.catalog.property(objectType, name)
	if !defined || !store.Plain(name) {
		return store.Column{}, invalid("There is no property %q to search by", name)
	}
	column := store.Column{Name: name, Kind: store.Text}
	switch {
	case name == propertyID:
		column.Kind = store.ID
	case name == created(objectType):
		column.Kind = store.Created
	case name == modified(objectType):
		column.Kind = store.Modified
	case property.Type == "number":
		column.Kind = store.Number
	case property.Type == "enumeration" && property.FieldType == "checkbox":
		column.Kind = store.Set
	case property.Type == "enumeration", property.Type == "date", property.Type == "datetime", property.Type == "bool":
		column.Kind = store.Exact
	}
	return column, nil
}

// operand turns a filter's value into what the column holds.
func (c *call) operand(objectType crm.ObjectType, f filter, column store.Column, text string) (any, error) {
	if strings.HasSuffix(f.Operator, "CONTAINS_TOKEN") {
		return pattern(text), nil
	}
	property, _ := c.catalog.property(objectType, f.PropertyName)
	switch column.Kind {
	case store.Number, store.ID:
		number, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, invalid("%q is not a number to compare %s with", text, f.PropertyName)
		}
		return number, nil
	case store.Created, store.Modified:
		property.Type = "datetime"
		stored, problem := values.Accept(property, text, "")
		at, err := time.Parse(time.RFC3339, stored)
		if problem != nil || err != nil {
			return nil, invalid("%q is not a time to compare %s with", text, f.PropertyName)
		}
		return at.UnixMilli(), nil
	case store.Exact:
		if property.Type != "date" && property.Type != "datetime" {
			return text, nil
		}
		stored, problem := values.Accept(property, text, "")
		if problem != nil {
			return nil, invalid("%q is not a time to compare %s with", text, f.PropertyName)
		}
		return stored, nil
	case store.Text, store.Set:
	}
	return text, nil
}

// pattern writes a token with * for any characters as a LIKE pattern.
func pattern(token string) string {
	escaped := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, ` `, `@`, ` `, `.`, ` `, `-`, ` `, `,`, ` `).Replace(token)
	return strings.ReplaceAll(escaped, "*", "%")
}
