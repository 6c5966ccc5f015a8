package portal

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// How close the portal is to HubSpot is written down in tables: of what holds for
// every operation (fidelity_common.go), and of each operation by the name of its
// route (fidelity_records.go, …). docs/portal-fidelity.md is made of them by
// go generate ./portal. A new route needs rows, at least one of them for success, and
// a ruling needs to be named where it decides: tests hold both.

// certainty is how sure it is that HubSpot answers like the portal.
type certainty string

const (
	documented certainty = "documented" // HubSpot's guides, changelog or OpenAPI text say so
	seen       certainty = "seen"       // in published answers of real portals, or reported of them
	chosen     certainty = "ruling"     // not known, or sources disagree: a choice of the portal's
	unknown    certainty = "unknown"    // nothing is known, and the portal does nothing about it
	differs    certainty = "differs"    // known to be otherwise on HubSpot, on purpose
)

// switched is a choice that a ruling makes.
func switched(ruling string) certainty { return certainty("ruling `" + ruling + "`") }

// fact is one thing that the portal does.
type fact struct {
	when   string // what is asked, and what is the case
	answer string // the status first, where there is one
	sure   certainty
	source string // one of sources or of ownSources, and what it says
}

// operation is a route by its name, with what it answers beside what holds for all.
type operation struct {
	route string // method and first pattern
	facts []fact
}

// group is a chapter of the document.
type group struct {
	title      string
	about      string
	facts      []fact
	operations []operation
}

func (r *route) name() string { return r.method + " " + r.patterns[0] }

// Fidelity is docs/portal-fidelity.md: what each operation answers here, and how sure
// it is that HubSpot's does.
func Fidelity() []byte {
	var out bytes.Buffer
	out.WriteString(fidelityHead)
	out.WriteString("\n## Rulings that can be switched\n\n" +
		"`serve --ruling NAME=VALUE` makes another choice than the first one.\n\n| ruling | decides | choices | why it is open |\n|---|---|---|---|\n")
	for _, r := range rulings {
		fmt.Fprintf(&out, "| `%s` | %s | **%s**, %s | %s |\n", r.name, cell(r.about), r.values[0], strings.Join(r.values[1:], ", "), cell(r.source))
	}
	table := routes()
	for _, g := range fidelity() {
		fmt.Fprintf(&out, "\n## %s\n\n%s\n", g.title, g.about)
		writeFacts(&out, g.facts)
		for _, o := range g.operations {
			writeOperation(&out, table, o)
		}
	}
	out.WriteString("\n## Sources\n\n| source | what it is |\n|---|---|\n")
	for _, s := range sources {
		fmt.Fprintf(&out, "| %s | %s |\n", s[0], cell(s[1]))
	}
	return out.Bytes()
}

// fidelity are the chapters in the order of the document.
func fidelity() []group {
	return []group{
		commonFidelity(), valueFidelity(), recordFidelity(), batchFidelity(), searchFidelity(),
		identityFidelity(), associationFidelity(), associationBatchFidelity(), namedAssociationFidelity(), labelFidelity(),
		definitionFidelity(), ruleFidelity(), pipelineFidelity(), schemaFidelity(), limitFidelity(), accountFidelity(),
	}
}

func writeOperation(out *bytes.Buffer, table []route, o operation) {
	fmt.Fprintf(out, "\n### `%s`\n", o.route)
	if i := slices.IndexFunc(table, func(r route) bool { return r.name() == o.route }); i >= 0 {
		if others := table[i].patterns[1:]; len(others) > 0 {
			fmt.Fprintf(out, "\nAlso `%s`. ", strings.Join(others, "`, `"))
		} else {
			out.WriteString("\n")
		}
		fmt.Fprintf(out, "%s.\n", bucketNames[table[i].bucket])
	}
	writeFacts(out, o.facts)
}

var bucketNames = map[bucket]string{
	rolling:  "Counts against the limits of ten seconds and of the day",
	exempt:   "Counts against the limit of the day alone",
	searches: "Counts against the limits of a second and of the day, and tells none of them",
}

func writeFacts(out *bytes.Buffer, facts []fact) {
	if len(facts) == 0 {
		return
	}
	out.WriteString("\n| when | answer | how sure | source |\n|---|---|---|---|\n")
	for _, f := range facts {
		fmt.Fprintf(out, "| %s | %s | %s | %s |\n", cell(f.when), cell(f.answer), f.sure, cell(f.source))
	}
}

// cell is a text as a table of Markdown can hold it.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

const fidelityHead = `# How close the local portal is to HubSpot

Generated from the tables of the package portal by ` + "`go generate ./portal`" + `; do not edit.

The local portal follows HubSpot's documentation, and answers that were published from real portals. Where neither
says what happens it had to choose. This page says of every operation what it answers, how sure it is that HubSpot
answers the same, and where that is known from, so that nobody takes a guess for a fact. Other operations than these are
not served, such as lists of memberships, workflows, imports and exports: they answer 404.

| how sure | meaning |
|---|---|
| documented | HubSpot's guides, its changelog or its OpenAPI text say so |
| seen | it stands in published answers of real portals, or was reported of them |
| ruling | not known, or sources disagree: the local portal chose; with a name, the choice can be switched |
| unknown | nothing is known, and the local portal does nothing about it |
| differs | known to be otherwise on HubSpot, on purpose |

Bodies that are documented or were seen are held byte for byte by tests.
`

// sources are what is known about HubSpot, by the names that the tables use.
var sources = [][2]string{
	{"objects guide", "HubSpot's guide to the object APIs, as of 2026-09"},
	{"contacts guide", "HubSpot's contacts guides, v3 (2026-03-30) and 2026-09"},
	{"error guide", "HubSpot's guide to handling errors, 2026-03-30"},
	{"usage guidelines", "HubSpot's usage guidelines and usage details"},
	{"properties guide", "HubSpot's properties guide, 2026-03-31"},
	{"validations guide", "HubSpot's guide to property validations"},
	{"associations guide", "HubSpot's associations guide, v4, 2026-03-30"},
	{"search guide", "HubSpot's search guides, v3 and 2026-03"},
	{"lifecycle guide", "HubSpot's guides to lifecycle stages"},
	{"owners guide", "HubSpot's owners guide"},
	{"OpenAPI", "HubSpot's published OpenAPI files, 2026-08-21; read, not copied"},
	{"changelog", "HubSpot's changelog for developers, 2018 to 2026"},
	{"knowledge base", "HubSpot's knowledge base"},
	{"Node client", "HubSpot's own client, hubspot-api-nodejs 13.5.0"},
	{"live answers", "answers of real portals that others published, among them a probe of 438 endpoints in 2026-04 and a developer test portal in 2026-09"},
	{"reports", "issues of HubSpot's clients and of integrations, forum threads, field reports"},
}

// ownSources are what stands where no source says anything.
var ownSources = []string{"not documented", "remembered, not confirmed", "the portal's own"}
