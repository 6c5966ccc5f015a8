package apply_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/contactsync/contactsync/crm"
	"github.com/contactsync/contactsync/portal"
	"github.com/contactsync/contactsync/snapshot"
	"github.com/contactsync/contactsync/spec"
)

// exportFeatures must each occur in at least one portal of a hundred.
var exportFeatures = []string{
	"string", "phone_number", "number", "bool", "date", "datetime", "enumeration", "multi-select",
	"yaml bool", "yaml null", "yaml number", "yaml date", "yaml syntax", "line break", "unseen character", "script",
	"no address", "secondary address", "merged contact", "no contact",
	"company", "primary company", "labelled company", "colleague", "deal",
}

// hazards are texts that a YAML reader may take for something else, by what that is.
var hazards = map[string][]string{
	"yaml bool":        {"no", "yes", "on", "Off", "true", "y", "N"},
	"yaml null":        {"~", "null", "Null"},
	"yaml number":      {"02139", "+15550100", "1.10", "0x1F", "1_000", "1:20", ".5", "1e3", ".inf", "0o17"},
	"yaml date":        {"2024-01-02", "2024-01-02T03:04:05Z"},
	"yaml syntax":      {"- a", "a: b", "# c", "&x", "*x", "!t", "%d", "@a", "`b`", "[1]", "{a: 1}", "'q'", `"d"`, "|", ">", "<<", "=", "a #b", " edge ", "---"},
	"line break":       {"one\ntwo", "one\r\ntwo\n", "\ttab"},
	"unseen character": {"a\u200bb", "\u202eabc", "\ufeffx", "\u00a0", "\x1b[31m"},
	"script":           {"Θεόδωρος", "نور", "山田 太郎", "Ñandú", "🙂"},
}

// What an export says of a portal is true of it, whatever its values look like: it
// is written, read again, and its plan is empty.
func TestPlanOfAnyExportIsEmpty(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("makes a hundred portals")
	}
	cases, seen := 0, make(map[string]int)
	rapid.Check(t, func(rt *rapid.T) {
		d := exporting{t: rt, bench: newBench(t, portal.Config{}, nil), drawn: make(map[string]bool)}
		d.define()
		d.people()
		described, err := snapshot.Portal(t.Context(), d.bench.own.Reader, spec.NewDocument(nil))
		if err != nil {
			rt.Fatalf("reading the portal: %v", err)
		}
		exported, err := snapshot.Document(t.Context(), d.bench.own.Reader, described, snapshot.ExportOptions{
			Associations: []crm.ObjectType{crm.TypeCompany, crm.TypeContact, crm.TypeDeal}, IDs: rapid.Bool().Draw(rt, "ids"),
		})
		if err != nil {
			rt.Fatalf("exporting: %v", err)
		}
		d.bench.demandNothing(rt, readAgain(rt, exported))
		cases++
		for feature := range d.drawn {
			seen[feature]++
		}
	})
	for _, feature := range exportFeatures {
		if seen[feature]*100 < cases || seen[feature] == 0 {
			t.Errorf("%q occurred in %d of %d portals", feature, seen[feature], cases)
		}
	}
}

// readAgain writes a document and reads the file.
func readAgain(t *rapid.T, doc *spec.Document) *spec.Document {
	var file bytes.Buffer
	if err := doc.Encode(&file); err != nil {
		t.Fatalf("writing the export: %v", err)
	}
	again, problems := spec.Load([]spec.Source{{Name: "export.yaml", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(file.Bytes())), nil
	}}})
	if problems.HasErrors() {
		t.Fatalf("the export cannot be read: %v\n%s", problems, &file)
	}
	if again.Len() != doc.Len() {
		t.Fatalf("%d contacts were written, %d read\n%s", doc.Len(), again.Len(), &file)
	}
	return again
}

// exporting draws one portal.
type exporting struct {
	t     *rapid.T
	bench *bench
	drawn map[string]bool
}

// define adds a property of each type.
func (d *exporting) define() {
	colours := []crm.Option{{Label: "Red", Value: "red"}, {Label: "No", Value: "no"}, {Label: "7", Value: "007"}}
	fixture := crm.Fixture{
		Properties: []crm.Property{
			{Name: "x_text", Label: "Text", Type: "string", FieldType: "textarea"},
			{Name: "x_phone", Label: "Phone", Type: "phone_number", FieldType: "phonenumber"},
			{Name: "x_number", Label: "Number", Type: "number", FieldType: "number"},
			{Name: "x_bool", Label: "Bool", Type: "bool", FieldType: "booleancheckbox", Options: []crm.Option{{Label: "Yes", Value: "true"}, {Label: "No", Value: "false"}}},
			{Name: "x_date", Label: "Date", Type: "date", FieldType: "date"},
			{Name: "x_instant", Label: "Instant", Type: "datetime", FieldType: "date"},
			{Name: "x_colour", Label: "Colour", Type: "enumeration", FieldType: "select", Options: colours},
			{Name: "x_colours", Label: "Colours", Type: "enumeration", FieldType: "checkbox", Options: colours},
		},
		Labels: []crm.FixtureLabel{{From: crm.TypeContact, To: crm.TypeCompany, Label: "Yes", TypeID: 40}},
	}
	if err := d.bench.portal.Fill(d.bench.t.Context(), &fixture); err != nil {
		d.t.Fatalf("filling the portal: %v", err)
	}
}

func (d *exporting) people() {
	contacts := make([]map[string]string, rapid.IntRange(0, 6).Draw(d.t, "contacts"))
	d.drawn["no contact"] = len(contacts) == 0
	for i := range contacts {
		contacts[i] = map[string]string{"firstname": d.text()}
		if d.chance("address") {
			contacts[i]["email"] = fmt.Sprintf("person%d@example.com", i)
			if d.chance("secondary address") {
				contacts[i]["hs_additional_emails"] = fmt.Sprintf("old%d@example.com;older%d@xn--mnchen-3ya.example", i, i)
			}
		} else {
			d.drawn["no address"] = true
		}
		d.values(contacts[i])
	}
	ids := d.bench.add("contacts", contacts...)
	companies := d.bench.add("companies", map[string]string{"domain": "acme.example"}, map[string]string{"domain": "other.example"})
	deal := d.bench.add("deals", map[string]string{"dealname": "Big"})[0]
	for i, id := range ids {
		link := func(feature string, to crm.ObjectType, target crm.ObjectID, typeID int) {
			if !d.chance(feature) {
				return
			}
			if err := d.bench.own.Associate(d.bench.t.Context(), "contacts", string(id), to.Plural(), string(target), typeID); err != nil {
				d.t.Fatalf("associating: %v", err)
			}
		}
		link("company", crm.TypeCompany, companies[0], 279)
		link("primary company", crm.TypeCompany, companies[1], 1)
		link("labelled company", crm.TypeCompany, companies[0], 40)
		link("deal", crm.TypeDeal, deal, 4)
		if i > 0 {
			link("colleague", crm.TypeContact, ids[i-1], 449)
		}
	}
	if len(ids) > 2 && d.chance("merged contact") {
		send(d.bench.t, d.bench.portal, http.MethodPost, "/crm/v3/objects/contacts/merge",
			map[string]string{"primaryObjectId": string(ids[0]), "objectIdToMerge": string(ids[1])})
	}
}

func (d *exporting) chance(feature string) bool {
	happens := rapid.Bool().Draw(d.t, feature)
	d.drawn[feature] = d.drawn[feature] || happens
	return happens
}

// text draws a harmless text or a hazard.
func (d *exporting) text() string {
	kinds := make([]string, 0, len(hazards)+1)
	for kind := range hazards {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	kind := rapid.SampledFrom(append(kinds, "plain")).Draw(d.t, "kind of text")
	if kind == "plain" {
		return rapid.StringMatching(`[A-Za-z][A-Za-z ]{0,12}[a-z]`).Draw(d.t, "text")
	}
	d.drawn[kind] = true
	return rapid.SampledFrom(hazards[kind]).Draw(d.t, kind)
}

func (d *exporting) values(contact map[string]string) {
	set := func(feature, name string, draw func() string) {
		if d.chance(feature) {
			contact[name] = draw()
		}
	}
	set("string", "x_text", d.text)
	set("phone_number", "x_phone", func() string { return rapid.StringMatching(`\+?0?[1-9][0-9]{6,10}`).Draw(d.t, "phone") })
	set("number", "x_number", func() string {
		return rapid.SampledFrom([]string{"0", "7", "-1.50", "1e3", "007", "12345678901234567890", "0.1"}).Draw(d.t, "number")
	})
	set("bool", "x_bool", func() string { return strconv.FormatBool(rapid.Bool().Draw(d.t, "bool")) })
	set("date", "x_date", func() string {
		return fmt.Sprintf("%04d-%02d-%02d", rapid.IntRange(1900, 2100).Draw(d.t, "year"), rapid.IntRange(1, 12).Draw(d.t, "month"), rapid.IntRange(1, 28).Draw(d.t, "day"))
	})
	set("datetime", "x_instant", func() string { return strconv.FormatInt(rapid.Int64Range(0, 4e12).Draw(d.t, "milliseconds"), 10) })
	set("enumeration", "x_colour", func() string { return rapid.SampledFrom([]string{"red", "no", "007"}).Draw(d.t, "colour") })
	set("multi-select", "x_colours", func() string {
		return strings.Join(rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"red", "no", "007"}), 1, 3, rapid.ID[string]).Draw(d.t, "colours"), ";")
	})
}
