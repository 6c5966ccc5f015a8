package hubspot_test

import (
	"errors"
	"testing"

	"github.com/contactsync/contactsync/hubspot"
)

// Definitions that lack what they are known by are not believed: a plan that is made by
// them would write what nobody asked for.
func TestDefinitionsWithoutANameAreNotBelieved(t *testing.T) {
	t.Parallel()
	const named = `{"name":"email","propertyName":"email","category":"HUBSPOT_DEFINED","typeId":279}`
	for name, list := range map[string]func(*hubspot.Client) error{
		"properties": func(c *hubspot.Client) error {
			_, err := c.Properties(t.Context(), "contacts", "")
			return err
		},
		"rules": func(c *hubspot.Client) error {
			_, err := c.PropertyRules(t.Context(), "contacts")
			return err
		},
		"labels": func(c *hubspot.Client) error {
			_, err := c.Labels(t.Context(), "contacts", "companies")
			return err
		},
	} {
		if err := list(local(t, says(200, `{"results":[`+named+`]}`))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, odd := range []string{`{}`, `{"label":"x","category":"HUBSPOT_DEFINED"}`, `{"typeId":279}`} {
			if err := list(local(t, says(200, `{"results":[`+named+`,`+odd+`]}`))); !errors.Is(err, hubspot.ErrInconsistent) {
				t.Errorf("%s with %s: error %v, want ErrInconsistent", name, odd, err)
			}
		}
	}
}
