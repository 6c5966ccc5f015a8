package hubspot

import (
	"encoding/json"
	"strings"
)

// PropertyError is one property that HubSpot refused.
type PropertyError struct {
	Name    string
	Code    string // PROPERTY_DOESNT_EXIST, INVALID_OPTION, INVALID_EMAIL, …
	Message string // may quote the value
}

// PropertyErrors are the properties that the refusal names, each once, in
// HubSpot's order; empty when it is about something else. HubSpot tells them in
// the details' context, in the refusal's own context, or as JSON inside the
// message ("Property values were not valid: [{…}]").
func (e *Error) PropertyErrors() []PropertyError {
	var found []PropertyError
	seen := map[[2]string]bool{}
	add := func(p PropertyError) {
		key := [2]string{p.Name, p.Code}
		if p.Name != "" && !seen[key] {
			seen[key] = true
			found = append(found, p)
		}
	}
	for _, d := range e.Details {
		for _, name := range d.Context["propertyName"] {
			add(PropertyError{Name: name, Code: d.Code, Message: d.Message})
		}
	}
	for _, p := range invalidInMessage(e.Message) {
		add(p)
	}
	if len(found) == 0 {
		for _, name := range e.Context["propertyName"] {
			add(PropertyError{Name: name, Message: e.Message})
		}
	}
	return found
}

// invalidInMessage reads the array that follows the first " [" or ": [" of a
// validation message.
func invalidInMessage(message string) []PropertyError {
	at := strings.Index(message, "[{")
	if at < 0 {
		return nil
	}
	var items []struct {
		Name    string `json:"name"`
		Error   string `json:"error"`
		Message string `json:"message"`
	}
	if json.NewDecoder(strings.NewReader(message[at:])).Decode(&items) != nil {
		return nil // prose with a bracket in it
	}
	found := make([]PropertyError, 0, len(items))
	for _, item := range items {
		found = append(found, PropertyError{Name: item.Name, Code: item.Error, Message: item.Message})
	}
	return found
}
