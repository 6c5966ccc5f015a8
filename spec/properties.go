package spec

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/contactsync/contactsync/diag"
)

const (
	emailProperty = "email"
	ownerProperty = "hubspot_owner_id"
	stageProperty = "lifecyclestage"
)

// commonProperties are suggested where a label stands instead of a name.
var commonProperties = []string{
	"address", "annualrevenue", "city", "company", "country", "date_of_birth", "email", "fax", "firstname", "gender",
	"hs_language", "hs_lead_status", "hubspot_owner_id", "industry", "jobtitle", "lastname", "lifecyclestage", "message",
	"mobilephone", "numemployees", "phone", "salutation", "seniority", "state", "twitterhandle", "website", "zip",
}

// properties reads a contact's own values.
func (r *reader) properties(d *draft, f field) {
	fields, ok := r.fields(f)
	if !ok {
		return
	}
	d.Properties = slices.Grow(d.Properties, len(fields))
	for _, one := range fields {
		property, ok := r.property(one, FromContact)
		if !ok {
			continue
		}
		if property.Name == ownerProperty {
			d.ownerAt = property.NameAt
		}
		d.Properties = append(d.Properties, property)
	}
}

// property reads one declared value.
func (r *reader) property(f field, origin Origin) (Property, bool) {
	if !r.propertyName(f, f.key) {
		return Property{}, false
	}
	if f.key == emailProperty {
		r.report(diag.EmailProperty, r.file.at(f.name), "The email is the key of a contact, not one of its properties.", "write email: beside properties:")
		return Property{}, false
	}
	p := Property{Name: r.intern(f.key), Set: true, Mode: Managed, Origin: origin, At: r.at(f), NameAt: r.file.at(f.name)}
	var ok bool
	switch f.value.Kind {
	case yaml.SequenceNode:
		p.List = true
		p.Text, ok = r.multiple(f)
	case yaml.MappingNode:
		r.report(diag.ValueMapping, p.At, "A property holds a text or, for a multi-select, a list of texts.", "quote a text that holds a colon, or correct the indentation")
	case yaml.ScalarNode, yaml.AliasNode, yaml.DocumentNode:
		p.Text, ok = r.value(f)
	}
	return p, ok
}

// propertyName checks the shape of an internal name: HubSpot allows lower-case
// letters, digits and underscores.
func (r *reader) propertyName(f field, name string) bool {
	if validName(name) {
		return true
	}
	at := r.at(f)
	if f.name.Value == name {
		at = r.file.at(f.name)
	}
	hint := "write the internal name"
	if near, ok := diag.Nearest(name, commonProperties); ok {
		hint = fmt.Sprintf("did you mean %q?", near)
	} else if snake := strings.ToLower(strings.ReplaceAll(strings.TrimSpace(name), " ", "_")); validName(snake) {
		hint = fmt.Sprintf("is it %q?", snake)
	}
	r.report(diag.PropertyName, at, "Internal names consist of lower-case letters, digits and underscores; this may be the label.", hint)
	return false
}

func validName(name string) bool {
	for _, c := range []byte(name) {
		if 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '_' {
			continue
		}
		return false
	}
	return name != ""
}

// value reads the text of one value.
func (r *reader) value(f field) (string, bool) {
	if missing(f) {
		r.report(diag.MissingValue, r.at(f),
			fmt.Sprintf("%s has no value. A half-written line must not erase data.", f.key), "write \"\" to clear it, or remove the line")
		return "", false
	}
	if f.value.Tag == "!!float" && strings.Trim(strings.ToLower(f.value.Value), "+-.infa") == "" {
		r.report(diag.NotANumber, r.at(f), "HubSpot holds no infinity and no not-a-number.", "quote the text if it is meant literally")
		return "", false
	}
	return f.value.Value, r.storable(f)
}

// multiple reads the items of a list, joined as HubSpot joins them.
func (r *reader) multiple(f field) (string, bool) {
	list, ok := r.items(f, "texts")
	if !ok {
		return "", false
	}
	texts := r.listTexts(list)
	return strings.Join(texts, ";"), len(texts) == len(list)
}

// listTexts reads the items of a multi-select; those that are wrong are left out.
func (r *reader) listTexts(list []field) []string {
	texts := make([]string, 0, len(list))
	seen := make(map[string]bool, len(list))
	for _, one := range list {
		if one.value.Kind != yaml.ScalarNode {
			r.report(diag.NestedList, r.at(one), "The items of a list are texts.", "write one text an item")
			continue
		}
		text, ok := r.value(one)
		if !ok {
			continue
		}
		if text == "" || strings.Contains(text, ";") {
			r.report(diag.ListItemText, r.at(one), "HubSpot keeps the values of a multi-select in one text, separated by semicolons.", "write one value an item")
			continue
		}
		if seen[text] {
			r.report(diag.ListedTwice, r.at(one), "Lists are compared as sets; a second mention changes nothing.", "remove it")
		}
		seen[text] = true
		texts = append(texts, text)
	}
	return texts
}

// removals reads "remove": property → values to take out.
func (r *reader) removals(d *draft, f field) {
	fields, ok := r.fields(f)
	if !ok {
		return
	}
	for _, one := range fields {
		if !r.propertyName(one, one.key) {
			continue
		}
		list, ok := r.items(one, "values")
		if !ok {
			continue
		}
		if texts := r.listTexts(list); len(texts) == len(list) {
			slices.Sort(texts)
			d.removes = append(d.removes, Property{
				Name: r.intern(one.key), Remove: slices.Compact(texts), Mode: Managed, Origin: FromContact,
				At: r.at(one), NameAt: r.file.at(one.name),
			})
		}
	}
}

// settleProperties brings a contact's own lines and its file's defaults together:
// values, the values to remove, and when each is written.
func (r *reader) settleProperties(d *draft, base *defaults) {
	declared := make(map[string]int, len(d.Properties)+len(base.properties))
	for i, p := range d.Properties {
		declared[p.Name] = i
	}
	own := len(d.Properties)
	r.checkOwnership(d.ownership, d.Properties, declared)
	for _, inherited := range base.properties {
		_, ignored := d.ownership.ignore[inherited.Name]
		_, overridden := declared[inherited.Name]
		if !overridden && !ignored && (inherited.Name != ownerProperty || d.Owner == "") {
			declared[inherited.Name] = len(d.Properties)
			d.Properties = append(d.Properties, inherited)
		}
	}
	for _, removal := range d.removes {
		i, twice := declared[removal.Name]
		if !twice {
			d.Properties = append(d.Properties, removal)
			continue
		}
		r.settleRemoval(&d.Properties[i], removal)
	}
	for i := range d.Properties {
		d.Properties[i].Mode = settledMode(&d.Properties[i], &d.ownership, &base.ownership)
	}
	for name := range base.ignore {
		if i, given := declared[name]; !given || i >= own {
			d.Ignore = append(d.Ignore, name)
		}
	}
	for name := range d.ownership.ignore {
		d.Ignore = append(d.Ignore, name)
	}
	slices.Sort(d.Ignore)
	d.Ignore = slices.Compact(d.Ignore)
	slices.SortFunc(d.Properties, func(a, b Property) int { return cmp.Compare(a.Name, b.Name) })
}

// settledMode is when a value is written: as the contact says, else as its file's
// defaults say. A stage from the defaults is only for new contacts.
func settledMode(p *Property, own, base *ownership) Mode {
	if p.Origin == FromDefaults && p.Name == stageProperty {
		return CreateOnly
	}
	if n, given := own.modes[p.Name]; given {
		return n.mode
	}
	if n, given := base.modes[p.Name]; given {
		return n.mode
	}
	return Managed
}

// settleRemoval joins "remove" of one property with its declared value.
func (r *reader) settleRemoval(p *Property, removal Property) {
	p.Remove = removal.Remove
	declared := strings.Split(p.Text, ";")
	kept := slices.DeleteFunc(slices.Clone(declared), func(text string) bool {
		_, removed := slices.BinarySearch(removal.Remove, text)
		return removed
	})
	if len(kept) == len(declared) {
		return
	}
	if p.Origin == FromContact {
		r.report(diag.RemovedAndSet, removal.At, fmt.Sprintf("The contact also declares one of these values for %s.", p.Name), "remove one of the two",
			diag.Related{At: p.At, Note: "declared here", Line: r.file.line(p.At.Line)})
		return
	}
	p.Text, p.Set = strings.Join(kept, ";"), len(kept) > 0
	if !p.Set {
		p.List, p.Origin, p.At, p.NameAt = false, FromContact, removal.At, removal.NameAt
	}
}
