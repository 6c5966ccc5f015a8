package conformance

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"time"

	"github.com/contactsync/contactsync/hubspot"
)

// Target is the portal under check, as checks see it. Everything that is made
// through it is remembered and removed at the end.
type Target struct {
	probe  *hubspot.Probe
	run    string
	serial int
	ledger ledger
}

func newTarget(probe *hubspot.Probe, run string) *Target {
	return &Target{probe: probe, run: run, ledger: newLedger()}
}

// The domain of every address is reserved, belongs to nobody's mailbox, and ends
// in a top-level domain that HubSpot takes.
const reserved = "example.com"

// domain is the one of the run's addresses, so that a company that the portal adds
// to them by itself is known to be the run's.
func (t *Target) domain() string { return fmt.Sprintf("contactsync-%s.%s", t.run, reserved) }

// email is an address that no other record has.
func (t *Target) email() string {
	t.serial++
	email := fmt.Sprintf("person-%d@%s", t.serial, t.domain())
	t.ledger.emails = append(t.ledger.emails, email)
	return email
}

// name is a text that no other record has, for names and domains.
func (t *Target) name() string {
	t.serial++
	return fmt.Sprintf("contactsync-%s-%d", t.run, t.serial)
}

// contact creates a contact with an address of its own and more properties.
func (t *Target) contact(ctx context.Context, more map[string]string) (hubspot.Object, error) {
	properties := map[string]string{"email": t.email()}
	maps.Copy(properties, more)
	return t.create(ctx, contacts, properties)
}

// company creates a company with a domain of its own.
func (t *Target) company(ctx context.Context) (hubspot.Object, error) {
	name := t.name()
	return t.create(ctx, companies, map[string]string{"name": name, "domain": name + "." + reserved})
}

// nobody creates a contact without an address, to which no portal adds a company by
// itself.
func (t *Target) nobody(ctx context.Context) (hubspot.Object, error) {
	return t.create(ctx, contacts, map[string]string{"lastname": t.name()})
}

// archived creates a contact and archives it: its id and its address are ones that
// no record answers to.
func (t *Target) archived(ctx context.Context) (hubspot.Object, error) {
	object, err := t.contact(ctx, nil)
	if err != nil {
		return object, err
	}
	return object, t.do(ctx, 204, "DELETE", t.object(contacts, object.ID), nil, nil)
}

func (t *Target) create(ctx context.Context, objectType string, properties map[string]string) (object hubspot.Object, err error) {
	err = t.do(ctx, 201, "POST", t.object(objectType), hubspot.CreateInput{Properties: properties}, &object)
	return object, err
}

// read reads properties of a record; their absence and null are both "".
func (t *Target) read(ctx context.Context, objectType, id string, properties ...string) (map[string]string, error) {
	var object hubspot.Object
	err := t.do(ctx, 200, "GET", t.object(objectType, id)+"?properties="+strings.Join(properties, ","), nil, &object)
	return texts(object), err
}

// set writes properties of a contact.
func (t *Target) set(ctx context.Context, id string, properties map[string]string) error {
	return t.do(ctx, 200, "PATCH", t.object(contacts, id), written(properties), nil)
}

// written is the body that writes properties of one record.
func written(properties map[string]string) any {
	return map[string]any{"properties": properties}
}

func texts(object hubspot.Object) map[string]string {
	values := make(map[string]string, len(object.Properties))
	for name, value := range object.Properties {
		if value != nil {
			values[name] = *value
		}
	}
	return values
}

const (
	contacts  = "contacts"
	companies = "companies"
)

// The paths of the run's API version. Segments are escaped.

func (t *Target) object(segments ...string) string {
	return t.path("/crm/v3/objects", "/crm/objects/", "", segments...)
}

// link is an association path of one record in its v4 form.
func (t *Target) link(segments ...string) string {
	return t.path("/crm/v4/objects", "/crm/objects/", "", segments...)
}

// pair is an association path of two types.
func (t *Target) pair(segments ...string) string {
	return t.path("/crm/v4/associations", "/crm/associations/", "", segments...)
}

func (t *Target) property(segments ...string) string {
	return t.path("/crm/v3/properties", "/crm/properties/", "", segments...)
}

func (t *Target) owners() string  { return t.path("/crm/v3/owners", "/crm/owners/", "") }
func (t *Target) account() string { return t.path("/account-info/v3", "/account-info/", "/details") }

func (t *Target) path(v3, dated, tail string, segments ...string) string {
	base := v3
	if version := t.probe.Version(); version != hubspot.V3 {
		base = dated + string(version)
	}
	for _, segment := range segments {
		base += "/" + url.PathEscape(segment)
	}
	return base + tail
}

// pause lets time pass, until ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
