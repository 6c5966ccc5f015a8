package hubspot

import (
	"cmp"
	"fmt"
	"strings"
)

// readAccount follows what became of each input of a batch read.
type readAccount struct {
	property string            // "" is the record id
	archived bool              // the records lie in the recycle bin
	asked    []string          // each once
	found    map[string]Object // by key
	missing  map[string]bool   // by key
}

func newReadAccount(request BatchReadRequest, archived bool) *readAccount {
	a := &readAccount{property: request.IDProperty, archived: archived, found: map[string]Object{}, missing: map[string]bool{}}
	seen := map[string]bool{}
	for _, input := range request.Inputs {
		if key := a.key(string(input.ID)); !seen[key] {
			seen[key] = true
			a.asked = append(a.asked, string(input.ID))
		}
	}
	return a
}

// key is an input as inputs are compared: addresses without case.
func (a *readAccount) key(asked string) string {
	if a.property == propertyEmail {
		return strings.ToLower(strings.TrimSpace(asked))
	}
	return asked
}

// open are the inputs of which nothing is known.
func (a *readAccount) open() []string {
	var open []string
	for _, asked := range a.asked {
		key := a.key(asked)
		if _, ok := a.found[key]; !ok && !a.missing[key] {
			open = append(open, asked)
		}
	}
	return open
}

// settle asks until every input is found or missing. ask sends inputs, takes the
// answer, and returns the records in it that name no input.
func (a *readAccount) settle(ask func([]string) ([]Object, error)) error {
	for range 2 {
		open := a.open()
		if len(open) == 0 {
			return nil
		}
		stray, err := ask(open)
		if err != nil {
			return err
		}
		switch left := a.open(); {
		case len(stray) > len(left):
			return fmt.Errorf("%w: %d records that nobody asked for", ErrInconsistent, len(stray)-len(left))
		case len(stray) == 1 && len(left) == 1:
			a.found[a.key(left[0])] = stray[0]
		case len(stray) > 0:
			return a.settleEach(left, ask)
		}
	}
	for _, silent := range a.open() {
		a.missing[a.key(silent)] = true
	}
	return nil
}

// settleEach asks for inputs one by one: a record that comes back is then the
// input's, whatever its id and address.
func (a *readAccount) settleEach(inputs []string, ask func([]string) ([]Object, error)) error {
	for _, input := range inputs {
		stray, err := ask([]string{input})
		if err != nil {
			return err
		}
		key := a.key(input)
		_, named := a.found[key]
		switch {
		case len(stray) > 1 || named && len(stray) > 0:
			return fmt.Errorf("%w: more than one record for one input", ErrInconsistent)
		case len(stray) == 1:
			a.found[key] = stray[0]
		case !named:
			a.missing[key] = true
		}
	}
	return nil
}

// take accounts for one answer and returns the records that name no input.
func (a *readAccount) take(answer BatchResponse[Object]) ([]Object, error) {
	inputs := map[string]bool{}
	for _, asked := range a.asked {
		inputs[a.key(asked)] = true
	}
	var stray []Object
	seen := newIDSet()
	for _, object := range answer.Results {
		if object.ID == "" {
			return nil, fmt.Errorf("%w: a record has no id", ErrInconsistent)
		}
		if added, _ := seen.add(object.ID, ""); !added {
			continue
		}
		named := false
		for _, name := range a.names(object) {
			key := a.key(name)
			if !inputs[key] {
				continue
			}
			named = true
			known, ok := a.found[key]
			switch {
			case !ok || known.ID == object.ID || a.archived && archivedLater(&object, &known):
				a.found[key] = object
			case !a.archived:
				return nil, fmt.Errorf("%w: two records for one input", ErrInconsistent)
			}
		}
		if !named {
			stray = append(stray, object)
		}
	}
	for _, name := range missingInputs(answer.Errors) {
		key := a.key(name)
		if _, ok := a.found[key]; ok {
			return nil, fmt.Errorf("%w: an input is both found and missing", ErrInconsistent)
		}
		a.missing[key] = true
	}
	return stray, nil
}

// archivedLater reports whether a record came into the recycle bin after another. What
// is unique among live records is not so there: an address that an archived contact set
// free may have gone to one that was archived, too.
func archivedLater(a, b *Object) bool {
	return cmp.Or(cmp.Compare(a.ArchivedAt, b.ArchivedAt), cmp.Compare(len(a.ID), len(b.ID)), cmp.Compare(a.ID, b.ID)) > 0
}

// names are what an object can have been asked by.
func (a *readAccount) names(object Object) []string {
	switch a.property {
	case "":
		return append([]string{object.ID}, object.list(propertyMergedIDs)...)
	case propertyEmail:
		return append(object.list(propertyEmail), object.list(propertyOtherEmails)...)
	}
	if value := object.Properties[a.property]; value != nil {
		return []string{*value}
	}
	return nil
}

func (a *readAccount) result() ReadResult {
	var result ReadResult
	for _, asked := range a.asked {
		if object, ok := a.found[a.key(asked)]; ok {
			result.Found = append(result.Found, Found{Asked: asked, Object: object})
		} else {
			result.Missing = append(result.Missing, asked)
		}
	}
	return result
}

// missingInputs are the inputs that a batch answer's errors report as not found.
func missingInputs(bodies []ErrorBody) []string {
	var ids []string
	for _, body := range bodies {
		ids = append(ids, body.Context["ids"]...)
		ids = append(ids, body.Context["id"]...)
	}
	return ids
}

// list is a property of several values, which HubSpot separates by semicolons.
func (o Object) list(name string) []string {
	value := o.Properties[name]
	if value == nil {
		return nil
	}
	var items []string
	for item := range strings.SplitSeq(*value, ";") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}
