package spec_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/contactsync/contactsync/spec"
)

// BenchmarkLoad reads contacts with seven properties and one association each; the
// figures are those of 10,000 contacts.
func BenchmarkLoad(b *testing.B) {
	var text strings.Builder
	text.WriteString("version: 1\ncontacts:\n")
	for i := range 10_000 {
		fmt.Fprintf(&text, "  - email: person%d@company%d.example\n    properties:\n      city: Paris\n      company: Company %d\n      firstname: Ada\n"+
			"      jobtitle: Engineer\n      lastname: Lovelace\n      phone: \"+1555%07d\"\n      zip: \"02139\"\n    associations:\n      - {to: company, domain: company%d.example}\n", i, i%900, i%900, i, i%900)
	}
	files := []spec.Source{source("crm.yaml", text.String())}
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if document, list := spec.Load(files); document.Len() != 10_000 || len(list) > 0 {
			b.Fatal(list)
		}
	}
}
