package spec

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/diag"
)

var (
	associationKeys = []string{"to", "id", "email", "domain", "where", "labels", "type", "ensure", "missing"}
	whereKeys       = []string{"property", "equals"}
	typeKeys        = []string{"category", "type_id"}
	categories      = []string{crm.HubSpotDefined, crm.UserDefined, crm.IntegratorDefined}
)

// primaryLabel is the keyword for the primary type of a pair.
const primaryLabel = "Primary"

func (r *reader) associations(d *draft, f field) {
	list, ok := r.items(f, "associations")
	if !ok {
		return
	}
	checks := associationChecks{said: make(map[statement]diag.Range, len(list)), primaries: make(map[crm.ObjectType]diag.Range)}
	for _, one := range list {
		if association, ok := r.link(one, associationKeys, diag.UnknownAssociationKey); ok {
			d.Associations = append(d.Associations, association)
			r.checkAssociation(d, &checks, association)
		}
	}
}

// statement is what one item may say once: that a record is associated, with its
// labels, or by one type id, for which each needs an item of its own.
type statement struct {
	to   crm.Target
	kind crm.AssociationType
}

// associationChecks are the associations of one contact so far.
type associationChecks struct {
	said      map[statement]diag.Range
	primaries map[crm.ObjectType]diag.Range
}

// checkAssociation holds an association against those before it.
func (r *reader) checkAssociation(d *draft, checks *associationChecks, a Association) {
	if a.To.Type == crm.TypeContact && (a.To.Email != "" && a.To.Email == d.Email || a.To.ID != "" && a.To.ID == d.ID) {
		r.report(diag.SelfAssociation, a.At, "The association leads back to the contact itself.", "correct the target")
	}
	first := func(at diag.Range) diag.Related {
		return diag.Related{At: at, Note: "first declared here", Line: r.file.line(at.Line)}
	}
	says := statement{to: a.To}
	if a.Type != nil {
		says.kind = *a.Type
	}
	if at, twice := checks.said[says]; twice {
		r.report(diag.DuplicateTarget, a.At, "The contact already declares an association with this record.", "merge the two", first(at))
		return
	}
	checks.said[says] = a.At
	if !slices.Contains(a.Labels, primaryLabel) {
		return
	}
	if at, twice := checks.primaries[a.To.Type]; twice {
		r.report(diag.SecondPrimary, a.At, fmt.Sprintf("Another %s is already declared primary for this contact.", a.To.Type), "keep one Primary", first(at))
		return
	}
	checks.primaries[a.To.Type] = a.At
}

// link reads one association, with the keys that are known where it stands.
func (r *reader) link(f field, keys []string, unknown diag.Code) (Association, bool) {
	fields, ok := r.fields(f)
	if !ok {
		return Association{}, false
	}
	before := r.errors
	a := Association{At: r.at(f)}
	var targets []field
	var labels, kind, to *field
	for _, one := range fields {
		if !slices.Contains(keys, one.key) {
			r.unknown(unknown, one, keys)
			continue
		}
		switch one.key {
		case "to":
			to = &one
			a.To.Type = r.objectType(one)
		case "id", "email", "domain", "where":
			targets = append(targets, one)
		case "labels":
			labels = &one
			a.Labels = r.labels(one)
		case "type":
			kind = &one
			a.Type = r.associationType(one)
		case "ensure":
			word, ok := r.word(one, "present", "absent")
			a.Absent = ok && word == "absent"
		case "missing":
			_, a.Skip = r.word(one, "skip")
		}
	}
	switch {
	case misspelt(fields, keys):
	case to == nil:
		r.report(diag.MissingKey, a.At, "An association says with \"to\" what type of record it leads to.", "add to:")
	case len(targets) != 1:
		r.report(diag.TargetCount, a.At, "The record is named by exactly one of id, email, domain and where.", "keep one of them")
	case a.To.Type != "":
		r.target(&a, targets[0])
	}
	if labels != nil && kind != nil {
		r.report(diag.LabelsAndType, r.file.at(kind.name), "The association names its type twice, by labels and by number.", "keep one of the two", r.related(labels.name, "labels"))
	}
	if a.Absent && (labels != nil || kind != nil) {
		r.report(diag.AbsentWithLabels, a.At, "\"ensure: absent\" removes the association with all its labels.", "remove labels and type")
	}
	return a, r.errors == before
}

// objectType reads what an association leads to.
func (r *reader) objectType(f field) crm.ObjectType {
	text, ok := r.text(f)
	if !ok {
		return ""
	}
	parsed, ok := crm.ParseObjectType(text)
	if ok && string(parsed) == text {
		return parsed
	}
	names := make([]string, 0, len(crm.ObjectTypes()))
	for _, name := range crm.ObjectTypes() {
		names = append(names, string(name))
	}
	hint := suggest(text, names)
	if ok {
		hint = fmt.Sprintf("write %q", parsed)
	}
	r.report(diag.ObjectType, r.at(f), "Types are company, deal, ticket, contact, note, task, meeting, email, call, or a custom type such as 2-123.", hint)
	return ""
}

// target reads the one line that names the record.
func (r *reader) target(a *Association, f field) {
	a.At = r.at(f)
	switch f.key {
	case "id":
		a.To.ID = r.id(f)
	case "email":
		if a.To.Type != crm.TypeContact {
			r.report(diag.TargetKind, r.file.at(f.name), "Only contacts are named by email.", "name the record by id or where")
		} else if text, ok := r.text(f); ok {
			a.To.Email = r.email(f, text)
		}
	case "domain":
		if a.To.Type != crm.TypeCompany {
			r.report(diag.TargetKind, r.file.at(f.name), "Only companies are named by domain.", "name the record by id or where")
		} else if domain := r.domain(f); domain != "" {
			a.To.Property, a.To.Value = "domain", domain
		}
	case "where":
		a.To.Property, a.To.Value = r.where(f)
	}
}

// domain reads a company's domain in its normalised form.
func (r *reader) domain(f field) string {
	text, ok := r.text(f)
	if !ok {
		return ""
	}
	domain, err := crm.ParseDomain(text)
	if err != nil {
		r.report(diag.InvalidDomain, r.at(f), sentence(err.Error()), domainHint(text))
		return ""
	}
	if crm.Freemail(domain) {
		r.report(diag.FreemailDomain, r.at(f), "People of many companies have mailboxes at this domain.", "name the company by its own domain or by id")
		return ""
	}
	return domain
}

func (r *reader) where(f field) (property, value string) {
	fields, ok := r.fields(f)
	if !ok {
		return "", ""
	}
	for _, one := range fields {
		switch one.key {
		case "property":
			if text, ok := r.text(one); ok && r.propertyName(one, text) {
				property = r.intern(text)
			}
		case "equals":
			if text, ok := r.text(one); ok {
				value = text
			}
		default:
			r.unknown(diag.UnknownAssociationKey, one, whereKeys)
		}
	}
	r.require(f, fields, whereKeys, whereKeys)
	if property != "" && value == "" && has(fields, "equals") {
		r.report(diag.TargetCount, r.at(f), "An empty value names no record.", "write the value after equals:")
	}
	return property, value
}

func (r *reader) labels(f field) []string {
	list, ok := r.items(f, "labels")
	if !ok {
		return nil
	}
	var labels []string
	seen := make(map[string]bool, len(list))
	for _, one := range list {
		text := r.labelText(one)
		switch {
		case text == "":
		case seen[text]:
			r.report(diag.ListedTwice, r.at(one), "The label already stands in this list.", "remove it here")
		default:
			seen[text] = true
			labels = append(labels, text)
		}
	}
	return labels
}

// labelText reads a label; "" when there is none.
func (r *reader) labelText(f field) string {
	text, ok := r.text(f)
	if ok && strings.TrimSpace(text) == "" {
		r.report(diag.LabelText, r.at(f), "The label is empty.", "write it as HubSpot shows it")
		return ""
	}
	return text
}

func (r *reader) associationType(f field) *crm.AssociationType {
	fields, ok := r.fields(f)
	if !ok {
		return nil
	}
	kind := new(crm.AssociationType)
	for _, one := range fields {
		switch one.key {
		case "category":
			kind.Category, _ = r.word(one, categories...)
		case "type_id":
			kind.TypeID = r.typeID(one, diag.AssociationTypeID)
		default:
			r.unknown(diag.UnknownAssociationKey, one, typeKeys)
		}
	}
	r.require(f, fields, typeKeys, typeKeys)
	return kind
}

// typeID reads the number of an association type.
func (r *reader) typeID(f field, code diag.Code) int {
	text, ok := r.text(f)
	if !ok {
		return 0
	}
	number, err := strconv.ParseUint(text, 10, 31)
	if err != nil || number == 0 || text[0] == '0' || f.value.Tag != "!!int" {
		r.report(code, r.at(f), "The number of an association type is a whole number above zero, without quotes.", "")
		return 0
	}
	return int(number)
}

// misspelt reports whether a mapping has a key that is not known. What it lacks is
// not reported beside that: most likely it is there, spelt wrongly.
func misspelt(fields []field, keys []string) bool {
	return slices.ContainsFunc(fields, func(f field) bool { return !slices.Contains(keys, f.key) })
}

// require reports the keys that a mapping lacks, out of those it may have.
func (r *reader) require(f field, fields []field, allowed, keys []string) {
	if misspelt(fields, allowed) {
		return
	}
	for _, key := range keys {
		if !has(fields, key) {
			r.report(diag.MissingKey, r.at(f), fmt.Sprintf("The key %q is missing here.", key), "add "+key+":")
		}
	}
}

func has(fields []field, key string) bool {
	return slices.ContainsFunc(fields, func(f field) bool { return f.key == key })
}
